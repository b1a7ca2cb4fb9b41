import { Thread, ThreadRegistry } from '@millrace/core';
import { KeyedQueues, OutboundRouter } from '@millrace/server';
import { replace } from './planting.js';
import type { LifePlant } from './thread-life-simulation.js';

/** A bug in how threads come into memory and leave it, and the promises that it may break: which one shows first depends on the seed. */
interface LifeBug {
  readonly breaks: readonly string[];
  /** Where to begin with a bug that few seeds find, shortly before the first of them; 1 when absent. */
  readonly firstSeed?: number;
  readonly plant: LifePlant;
}

/** Bugs that this part of the server had, or could have had. Each must be found by some seed. */
export const LIFE_BUGS: Readonly<Record<string, LifeBug>> = {
  'a thread is unloaded although a connection listens': {
    breaks: ['LT-2'],
    plant: () => replace(OutboundRouter.prototype, 'unheardSinceMs', () => () => 0),
  },

  'a thread is unloaded although a request for it is worked on': {
    breaks: ['LT-1', 'LT-2', 'LT-4', 'EV-2'],
    firstSeed: 140,
    plant: () => replace(KeyedQueues.prototype, 'isBusy', () => () => false),
  },

  'a thread is told to be closed before it is': {
    breaks: ['LT-3', 'EV-2'],
    plant: () =>
      replace(
        ThreadRegistry.prototype,
        'unload',
        (unload) =>
          function hasty(this: ThreadRegistry, threadId, deadline, onGone) {
            if (this.find(threadId) !== undefined) onGone?.();
            return unload.call(this, threadId, deadline);
          },
      ),
  },

  'an unload does not wait for the log to be closed': {
    breaks: ['LT-1'],
    plant: () =>
      replace(
        Thread.prototype,
        'shutdown',
        (shutdown) =>
          async function hasty(this: Thread, deadline) {
            void shutdown.call(this, deadline);
          },
      ),
  },

  'a connection that is gone is kept as a listener': {
    breaks: ['LT-5'],
    plant: () => replace(OutboundRouter.prototype, 'detach', () => () => {}),
  },

  'nobody sweeps': {
    breaks: ['LT-5'],
    plant: () => replace(OutboundRouter.prototype, 'whenUnheard', () => () => {}),
  },

  'a thread leaves memory without a word': {
    breaks: ['LT-4'],
    plant: () =>
      replace(
        ThreadRegistry.prototype,
        'unload',
        (unload) =>
          function silent(this: ThreadRegistry, threadId, deadline) {
            return unload.call(this, threadId, deadline);
          },
      ),
  },

  'requests of one thread do not wait for each other': {
    breaks: ['LT-1', 'LT-2', 'LT-3', 'LT-4', 'EV-2'],
    plant: () => {
      let count = 0;
      replace(
        KeyedQueues.prototype,
        'run',
        (run) =>
          function crowded(this: KeyedQueues, key, ...rest) {
            count += 1;
            return run.call(this, `${key}/${count}`, ...rest);
          },
      );
    },
  },
};
