import { z } from 'zod';
import { Thread } from './thread.js';
import type { Wire } from './wire.js';

const ofThread = { threadId: z.string() };

/** Params of `thread/name/set`. The name is trimmed; an empty one is refused. */
export const ThreadSetNameParams = z.object({ ...ofThread, name: z.string() });
export interface ThreadSetNameParams extends Wire<typeof ThreadSetNameParams> {}

/** Params of `thread/archive`, `thread/unarchive` and `thread/delete`. */
export const ThreadArchiveParams = z.object(ofThread);
export interface ThreadArchiveParams extends Wire<typeof ThreadArchiveParams> {}

/** Result of `thread/name/set`, `thread/archive` and `thread/delete`: nothing. */
export const ThreadArchiveResponse = z.object({});
export interface ThreadArchiveResponse extends Wire<typeof ThreadArchiveResponse> {}

/** Result of `thread/unarchive`: the thread, which is not loaded. */
export const ThreadUnarchiveResponse = z.object({ thread: Thread });
export interface ThreadUnarchiveResponse extends Wire<typeof ThreadUnarchiveResponse> {}

/** Params of `thread/name/updated`. */
export const ThreadNameUpdatedNotification = z.object({ ...ofThread, threadName: z.string().nullable() });
export interface ThreadNameUpdatedNotification extends Wire<typeof ThreadNameUpdatedNotification> {}

/** Params of `thread/archived`, `thread/unarchived` and `thread/deleted`. */
export const ThreadArchivedNotification = z.object(ofThread);
export interface ThreadArchivedNotification extends Wire<typeof ThreadArchivedNotification> {}

/** Params of `thread/goal/cleared`: the thread has no goal. A client that shows goals learns it with every resume. */
export const ThreadGoalClearedNotification = z.object(ofThread);
export interface ThreadGoalClearedNotification extends Wire<typeof ThreadGoalClearedNotification> {}
