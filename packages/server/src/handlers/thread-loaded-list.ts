import { LIMITS } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `thread/loaded/list`: the ids of the threads in memory, oldest first. */
export const handleThreadLoadedList: Handler<'thread/loaded/list'> = (params, { services }) => {
  const { cursor, limit } = params;
  const maxLimit = LIMITS.loadedThreads; // All of them fit into one page.
  return paginate(services.threads.loadedIds(), (id) => id, { cursor, limit: limit ?? maxLimit, maxLimit });
};
