export { groupEnd, groupMembers, isRunning } from './process-table.js';
export {
  type RecordedRequest,
  type ResponsesReply,
  ResponsesServer,
  type StreamEnd,
  type WireEvent,
  wire,
} from './responses-server.js';
