import { type InitializeResponse, isClientName, PROTOCOL_RELEASE } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { LegacyBridge } from '../legacy-bridge.js';
import type { PatchLookup } from '../legacy-words.js';
import { invalidRequest, overloaded } from '../rpc-error.js';
import type { Services } from '../services.js';

/** Handles `initialize`: opens the session, then tells the connection what it should know about this server. */
export const handleInitialize: Handler<'initialize'> = (
  { clientInfo, capabilities },
  context,
): InitializeResponse => {
  const { connection, services } = context;
  const { name, version } = clientInfo;
  if (!isClientName(name)) {
    throw invalidRequest(`Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`);
  }
  const optOut = new Set(capabilities?.optOutNotificationMethods ?? []);
  const isLegacy = capabilities?.legacyEvents ?? services.legacyEvents;
  const farewell = isLegacy ? connection.view.tryReserve() : undefined;
  if (typeof farewell === 'string') throw overloaded('reserved slots');
  // Opt-outs count before anything can be sent.
  connection.initialize(
    {
      clientName: name,
      clientVersion: version,
      experimentalApi: capabilities?.experimentalApi === true,
      lagMarkers: capabilities?.lagMarkers === true,
      optOut,
      legacy: isLegacy ? new LegacyBridge(optOut, patchLookup(services)) : undefined,
    },
    farewell,
  );
  context.afterwards(() => {
    for (const warning of services.configuration.warnings)
      services.router.tell(connection, 'configWarning', warning);
  });
  const { identity } = services;
  return {
    userAgent: `${name}/${PROTOCOL_RELEASE} ${identity.system} (${name}; ${version}) millrace/${identity.version}`,
    codexHome: identity.home,
    platformFamily: identity.platformFamily,
    platformOs: identity.platformOs,
  };
};

/** Finds the changes of a patch that is asked about: it belongs to the turn that runs. */
function patchLookup({ threads }: Services): PatchLookup {
  return (threadId, itemId) => {
    const turn = threads.peek(threadId)?.turns.latest();
    const item = turn?.items.find(({ id }) => id === itemId);
    return item?.type === 'fileChange' ? item.changes : undefined;
  };
}
