export { LineSplitter } from './line-splitter.js';
export { type Incoming, type MessageTransport, TransportClosedError } from './message-transport.js';
export { type StdioOptions, stdioTransport } from './stdio-transport.js';
