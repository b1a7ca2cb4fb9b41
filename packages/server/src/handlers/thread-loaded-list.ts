import { LIMITS } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `thread/loaded/list`: the ids of the threads in memory, oldest first. */
export const handleThreadLoadedList: Handler<'thread/loaded/list'> = ({ cursor, limit }, { services }) =>
  paginate(services.threads.loadedIds(), (id) => id, { cursor, limit: limit ?? LIMITS.maxPageSize });
