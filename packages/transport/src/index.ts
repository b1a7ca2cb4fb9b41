export { type BearerAuth, capabilityToken } from './bearer-auth.js';
export { DialError, type Dialed, type DialOptions, dial } from './dial.js';
export { LineSplitter } from './line-splitter.js';
export { isLoopback, type ListenAddress, parseListenAddress } from './listen-address.js';
export { ListenError } from './listen-error.js';
export { Listener, type ListenerOptions } from './listener.js';
export {
  type CloseReason,
  type Incoming,
  type MessageTransport,
  TransportClosedError,
} from './message-transport.js';
export { SHORTEST_SECRET_BYTES, type SignedBearerOptions, signedBearer } from './signed-bearer.js';
export { type StdioOptions, stdioTransport } from './stdio-transport.js';
