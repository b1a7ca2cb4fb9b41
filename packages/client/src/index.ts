export { answerRequests, type RequestAnswers } from './answer-requests.js';
export { Client } from './client.js';
export type { ClientEvent } from './client-event.js';
export { DecodeError, ServerError, TransportError, type TransportErrorKind } from './errors.js';
export type {
  ConnectOptions,
  DiagnosticsSource,
  EventSource,
  Link,
  RequestHandler,
  RunLink,
} from './link.js';
export { Run, type RunOptions } from './run.js';
export { type RunInput, ThreadHandle } from './thread-handle.js';
