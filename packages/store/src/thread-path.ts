/** The directory of all thread files, inside the home. */
export const SESSIONS_DIRECTORY = 'sessions';

/** Ids that may become part of a file name: nothing that leaves the directory, and no two that differ in case alone. */
const THREAD_ID = /^[0-9a-z-]{1,64}$/;

/** `rollout-<YYYY-MM-DDThh-mm-ss>-<threadId>.jsonl` */
const FILE_NAME = /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-([0-9a-z-]{1,64})\.jsonl$/;

/** Where a thread is kept, inside the home. */
export interface ThreadPath {
  /** The directories from the home to the file: `sessions`, year, month, day, by UTC. */
  readonly segments: readonly string[];
  readonly fileName: string;
}

/** Whether a thread of that id can be kept. Clients send ids, so every id is asked about before it meets a path. */
export function isThreadId(text: string): boolean {
  return THREAD_ID.test(text);
}

/**
 * Where the thread that began at that Unix time in seconds is kept.
 *
 * @throws {RangeError} for a time outside the years 0 to 9999 or an id that {@link isThreadId} refuses.
 */
export function threadPath(threadId: string, createdAt: number): ThreadPath {
  if (!isThreadId(threadId)) throw new RangeError(`not a thread id: ${JSON.stringify(threadId)}`);
  const time = new Date(createdAt * 1_000).toISOString();
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(time);
  if (match === null) throw new RangeError(`not a time of a thread: ${createdAt}`);
  const [, year = '', month = '', day = '', hours = '', minutes = '', seconds = ''] = match;
  return {
    segments: [SESSIONS_DIRECTORY, year, month, day],
    fileName: `rollout-${year}-${month}-${day}T${hours}-${minutes}-${seconds}-${threadId}.jsonl`,
  };
}

/** The id in the name of a thread file; undefined for other files. */
export function threadIdOfFile(fileName: string): string | undefined {
  return FILE_NAME.exec(fileName)?.[1];
}
