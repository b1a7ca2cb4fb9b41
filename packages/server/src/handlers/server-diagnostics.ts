import type { Handler } from '../handlers.js';
import type { RequestContext } from '../request-context.js';

/** Handles `server/diagnostics`: how much this process holds, and how much of it waits for the client that asks. */
export const handleServerDiagnostics: Handler<'server/diagnostics'> = (_, context) => {
  const { processFacts } = context.services.identity;
  return {
    process: {
      id: processFacts.id,
      residentMemoryBytes: processFacts.residentMemoryBytes(),
      physicalFootprintBytes: null,
    },
    gauges: Object.entries(gauges(context)).map(([name, value]) => ({ name, value })),
  };
};

function gauges({ services, connection }: RequestContext): Readonly<Record<string, number>> {
  const threads = [...services.threads.loaded];
  const { queued, bytes, merged, skipped } = connection.view.stats;
  return {
    'threads.loaded': threads.length,
    'threads.active': threads.filter(({ status }) => status.current.type === 'active').length,
    'serverRequests.pending': services.requests.size,
    'connection.requestsInFlight': connection.inFlight.size,
    'connection.eventsWaiting': queued,
    'connection.eventBytesWaiting': bytes,
    'connection.eventsMerged': merged,
    'connection.eventsSkipped': skipped,
  };
}
