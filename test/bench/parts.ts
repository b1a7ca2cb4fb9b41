import { measureColdStart } from './cold-start.js';
import { measureEvents } from './events.js';
import type { Measurement } from './measurement.js';
import { measureQueues } from './queues.js';
import { measureRequestCosts } from './request-costs.js';
import { measureRequests } from './requests.js';
import { measureStalledConsumer } from './stalled-consumer.js';
import { measureStreaming } from './streaming.js';
import { measureThreadLists } from './thread-lists.js';

export interface Part {
  readonly name: string;
  /** Further options of Node for the process in which the part runs. */
  readonly nodeOptions: readonly string[];
  readonly measure: () => Promise<Measurement[]>;
}

/** Each part runs in a process of its own, so that one does not leave its garbage and its optimized code to the next. */
export const PARTS: readonly Part[] = [
  { name: 'requests', nodeOptions: [], measure: measureRequests },
  {
    name: 'request-costs',
    nodeOptions: ['--expose-gc', '--max-semi-space-size=128', '--min-semi-space-size=128'],
    measure: measureRequestCosts,
  },
  { name: 'queues', nodeOptions: [], measure: measureQueues },
  { name: 'events', nodeOptions: [], measure: measureEvents },
  { name: 'stalled-consumer', nodeOptions: ['--expose-gc'], measure: measureStalledConsumer },
  { name: 'streaming', nodeOptions: [], measure: measureStreaming },
  { name: 'thread-lists', nodeOptions: [], measure: measureThreadLists },
  { name: 'cold-start', nodeOptions: [], measure: measureColdStart },
];
