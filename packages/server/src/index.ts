export { ClientProcesses } from './client-processes.js';
export type { Connection, Inbound, Replies, RequestHandler, Run, Session } from './connection.js';
export { type DiagnosticSignals, Diagnostics } from './diagnostics.js';
export { FileSearches } from './file-searches.js';
export { FileWatches } from './file-watches.js';
export { IdleThreads } from './idle-threads.js';
export type { InProcessConnection } from './in-process-connection.js';
export { KeyedQueues } from './keyed-queues.js';
export { McpProbes } from './mcp-probes.js';
export { OutboundRouter } from './outbound-router.js';
export { type ConnectionOptions, Server, type ServerOptions } from './server.js';
export type { NotificationEvent, RequestEvent, ServerEvent } from './server-event.js';
export { ServerRequests } from './server-requests.js';
export type {
  Accounts,
  Configuration,
  ConfigWriteFailure,
  ConfigWriteRequest,
  Identity,
  Services,
  SkillSelection,
  ThreadConfiguration,
} from './services.js';
export type { ShutdownStep } from './shutdown.js';
export type { ThreadResync } from './thread-resync.js';
export type { View, ViewEntry } from './view.js';
