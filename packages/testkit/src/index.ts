export { ChannelChecker, settle } from './channel-checker.js';
export { ChannelModel, type SizedMessage } from './channel-model.js';
export { type ChannelFactory, simulateChannel, soundChannel } from './channel-simulation.js';
export {
  type ConversationQueueFactory,
  simulateConversations,
  soundConversationQueue,
} from './conversation-simulation.js';
export { type EventQueueFactory, simulateEventQueue, soundEventQueue } from './event-queue-simulation.js';
export { FaultyDisk, type FaultyDiskOptions } from './faulty-disk.js';
export { interleavings } from './interleavings.js';
export { InvariantViolation, invariant, invariantEqual } from './invariant.js';
export { CHANNEL_BUGS } from './planted-bugs/channel-bugs.js';
export { EVENT_QUEUE_BUGS } from './planted-bugs/event-queue-bugs.js';
export { STORE_BUGS } from './planted-bugs/store-bugs.js';
export { groupEnd, groupMembers, isRunning } from './process-table.js';
export { type RawAddress, RawWebSocket, rawFrame } from './raw-websocket.js';
export {
  type RecordedRequest,
  type ResponsesReplier,
  type ResponsesReply,
  ResponsesServer,
  type StreamEnd,
  type WireEvent,
  wire,
} from './responses-server.js';
export { runSeeds, SeedFailure, type SeedRange } from './seed-run.js';
export { SeededRandom, seededRandom } from './seeded-random.js';
export type { UnsyncedFate } from './simulated-file.js';
export { TestTransport } from './test-transport.js';
export { Turnstile } from './turnstile.js';
export { VirtualClock } from './virtual-clock.js';
