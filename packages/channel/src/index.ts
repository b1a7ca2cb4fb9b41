export {
  Channel,
  type ChannelOptions,
  type ChannelStats,
  type QueueState,
  type SendResult,
} from './channel.js';
export { type Clock, sleep, systemClock } from './clock.js';
export { Deadline, DeadlineExpired, type RaceResult } from './deadline.js';
export { createDeferred, type Deferred } from './deferred.js';
export { ChannelError, type ChannelErrorCode } from './errors.js';
export type { DeliveryClass, EventProfile, MergeKeep } from './event-profile.js';
export { EventQueue, type OfferResult } from './event-queue.js';
export type { EventQueueOptions } from './event-queue-options.js';
export type { EventQueueStats } from './event-queue-stats.js';
export { yieldToMacrotask } from './macrotask.js';
export {
  type OpenRequest,
  PendingRequests,
  type PendingRequestsStats,
} from './pending-requests.js';
export { Permit } from './permit.js';
export { Lagged, type Received, Resynced } from './received.js';
export { type TaskFailure, TaskGroup, type TaskGroupOptions } from './task-group.js';
