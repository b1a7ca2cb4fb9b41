import { isObject } from './json-value.js';

/**
 * Which requests wait for each other. Requests with the same key run in the order in which they came; `shared` ones of the
 * same key may run together. Requests without a key run at once.
 */
export type SerializationKey =
  /** By `params.threadId`. */
  | { readonly type: 'thread' }
  /** By `params.path` where it is given, else by `params.threadId`. */
  | { readonly type: 'threadOrPath' }
  /** By nothing: one queue for the whole server. */
  | { readonly type: 'global'; readonly name: string; readonly shared?: true }
  /** By one field of the params, for each connection by itself. */
  | { readonly type: 'connection'; readonly name: string; readonly field: string };

/** A key for one request: the queue it waits in, and whether it may run with its neighbours. */
export interface WorkQueue {
  /** For example `thread:<id>`, `global:config`, `process:<connection>/<id>`. */
  readonly name: string;
  readonly shared: boolean;
}

/** The queue of a request. `params` have been parsed, so the fields that a key names are there. */
export function workQueueOf(
  key: SerializationKey,
  params: unknown,
  connectionId: number | string,
): WorkQueue {
  const field = (name: string): string => String(isObject(params) ? params[name] : undefined);
  switch (key.type) {
    case 'thread':
      return threadQueue(field('threadId'));
    case 'threadOrPath': {
      const path = isObject(params) ? params.path : undefined;
      return typeof path === 'string'
        ? { name: `path:${path}`, shared: false }
        : threadQueue(field('threadId'));
    }
    case 'global':
      return globalQueue(key);
    case 'connection':
      return { name: `${key.name}:${connectionId}/${field(key.field)}`, shared: false };
  }
}

/** The queue of a thread. An id counts in either case. */
export function threadQueue(threadId: string): WorkQueue {
  return { name: `thread:${threadId.toLowerCase()}`, shared: false };
}

/** The queues of `global` keys, one for each key of the method table: they are asked for with every request. */
const globalQueues = new WeakMap<SerializationKey, WorkQueue>();

function globalQueue(key: Extract<SerializationKey, { type: 'global' }>): WorkQueue {
  let queue = globalQueues.get(key);
  if (queue === undefined) {
    queue = { name: `global:${key.name}`, shared: key.shared === true };
    globalQueues.set(key, queue);
  }
  return queue;
}
