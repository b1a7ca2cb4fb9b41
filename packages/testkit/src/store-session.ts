import { isDeepStrictEqual } from 'node:util';
import {
  StoreError,
  type ThreadLog,
  type ThreadMeta,
  type ThreadRecord,
  type ThreadStore,
} from '@millrace/core/ports';

/** What a session knows of one thread: what it appended, and how much of that was acknowledged. */
export interface ThreadJournal {
  readonly meta: ThreadMeta;
  /** In order, from the first record. */
  appended: readonly ThreadRecord[];
  /** How many of them, from the start. */
  acknowledged: number;
}

/** A promise of the store that was not kept. */
export class StoreViolation extends Error {
  override readonly name = 'StoreViolation';
}

/**
 * Runs a fixed session on a store, whatever its disk does: threads are created, written in small and large commits, several of
 * them at once, closed and opened again. A thread whose store fails is left alone from there on.
 *
 * @throws what is not a {@link StoreError}, and {@link StoreViolation} where opening again shows something else.
 */
export async function runStoreSession(store: ThreadStore): Promise<readonly ThreadJournal[]> {
  const journals = ['thread-a', 'thread-b', 'thread-c'].map(newJournal);
  const [first, ...others] = journals;
  if (first !== undefined) await untilFailure(() => writeThread(store, first));
  await Promise.all(others.map((journal) => untilFailure(() => writeThread(store, journal))));
  await untilFailure(() => store.close());
  return journals;
}

/**
 * Opens every thread of a session in another process's store and checks that everything acknowledged is there (TS-1), that what
 * is there is a prefix of what was appended (TS-2), and that the thread goes on from there. The journals are brought up to date.
 */
export async function checkRecovered(store: ThreadStore, journals: readonly ThreadJournal[]): Promise<void> {
  for (const journal of journals) await checkThread(store, journal);
  await store.close();
}

async function checkThread(store: ThreadStore, journal: ThreadJournal): Promise<void> {
  const { id } = journal.meta;
  const opened = await openWhatWasAnnounced(store, journal);
  if (opened === undefined) {
    require(journal.acknowledged === 0, `${id} is gone`);
    return;
  }
  const { records, log } = opened;
  require(records.length >= journal.acknowledged, `${id} lost acknowledged records`);
  const prefix = journal.appended.slice(0, records.length);
  require(isDeepStrictEqual(records, prefix), `${id} does not hold a prefix`);
  journal.appended = records;
  await commit(log, journal, [turn(`${id}-later`, 40)]);
  await log.close();
  require(isDeepStrictEqual(await store.read(id), journal.appended), `${id} does not go on`);
}

/** A thread that nobody was told of may be damaged from its first line on. */
async function openWhatWasAnnounced(store: ThreadStore, journal: ThreadJournal) {
  try {
    return await store.open(journal.meta.id);
  } catch (error) {
    const isExcused = journal.acknowledged === 0 && error instanceof StoreError && error.code === 'io';
    if (isExcused) return undefined;
    throw new StoreViolation(`${journal.meta.id} cannot be opened`, { cause: error });
  }
}

async function writeThread(store: ThreadStore, journal: ThreadJournal): Promise<void> {
  const { id } = journal.meta;
  const log = await store.create(journal.meta);
  journal.acknowledged = 1;
  await commit(log, journal, [turn(`${id}-1`, 10), turn(`${id}-2`, 300)]);
  await Promise.all([
    commit(log, journal, [turn(`${id}-3`, 0)]),
    commit(log, journal, [turn(`${id}-4`, 1_500)]),
  ]);
  await log.close();
  const opened = await store.open(id);
  if (opened === undefined) throw new StoreViolation(`${id} is gone`);
  require(isDeepStrictEqual(opened.records, journal.appended), `${id} was not read as it was written`);
  await commit(opened.log, journal, [turn(`${id}-5`, 600)]);
  opened.log.append([turn(`${id}-6`, 20)]);
  journal.appended = [...journal.appended, turn(`${id}-6`, 20)];
}

async function commit(
  log: ThreadLog,
  journal: ThreadJournal,
  records: readonly ThreadRecord[],
): Promise<void> {
  log.append(records);
  journal.appended = [...journal.appended, ...records];
  const length = journal.appended.length;
  await log.sync();
  journal.acknowledged = Math.max(journal.acknowledged, length);
}

async function untilFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

function newJournal(id: string): ThreadJournal {
  const meta: ThreadMeta = {
    id,
    createdAt: 1_795_251_469,
    cwd: '/workspace',
    source: 'exec',
    originator: 'test',
    cliVersion: '0.1.0',
    model: 'scripted',
    modelProvider: 'scripted',
    forkedFromId: null,
  };
  return { meta, appended: [{ type: 'thread', meta }], acknowledged: 0 };
}

/** A record of about that many bytes more than it needs. */
function turn(turnId: string, paddingBytes: number): ThreadRecord {
  return { type: 'turnStarted', turnId: turnId.padEnd(turnId.length + paddingBytes, '.'), startedAt: 1 };
}

function require(condition: boolean, violation: string): void {
  if (!condition) throw new StoreViolation(violation);
}
