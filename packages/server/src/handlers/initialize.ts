import { type InitializeResponse, isClientName } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

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
  // Opt-outs count before anything can be sent.
  connection.initialize({
    clientName: name,
    clientVersion: version,
    experimentalApi: capabilities?.experimentalApi === true,
    lagMarkers: capabilities?.lagMarkers === true,
    optOut: new Set(capabilities?.optOutNotificationMethods ?? []),
  });
  context.afterwards(() => {
    for (const warning of services.configuration.warnings)
      services.router.tell(connection, 'configWarning', warning);
  });
  const { identity } = services;
  return {
    userAgent: `${name}/${identity.version} ${identity.system} (${name}; ${version})`,
    codexHome: identity.home,
    platformFamily: identity.platformFamily,
    platformOs: identity.platformOs,
  };
};
