import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { Client } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import type { ThreadStore } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import { type Disk, jsonlStore, nodeDisk } from '@millrace/store';
import { SeededRandom } from '@millrace/testkit';
import { keepSeededThreads } from '../store/seeded-threads.js';
import { CLIENT_INFO } from './bench-client.js';
import { atMost, type Measurement } from './measurement.js';
import { quantile } from './quantile.js';

/** Words of three to nine letters: with fewer of them, or fewer letters, every search would find everything. */
const VOCABULARY = seededWords(4_000);
const THREADS = { seed: 1, threads: 10_000, turns: 4, words: 40, vocabulary: VOCABULARY } as const;
const PAGE = 25;
const LISTS = 400;
const SEARCHES = 100;

/** Goal 8: a page of a list or a search over 10,000 threads on disk, through the server; and how long an index takes that is not there. */
export async function measureThreadLists(): Promise<Measurement[]> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    const unsynced = jsonlStore({ directory: home, disk: UNSYNCED_DISK });
    await keepSeededThreads(unsynced, THREADS);
    await unsynced.close();
    const onFault = (error: unknown): never => {
      throw error;
    };
    const store = jsonlStore({ directory: home, index: { clock: systemClock, onFault } });
    const rebuildMs = await timeOf(() => untilIndexed(store));
    const options = { clientInfo: CLIENT_INFO, home, cwd: home, store, model: scriptedModel() };
    const client = await startInProcess({ ...options, capabilities: { experimentalApi: true } });
    const measurements = await measurePages(client);
    await client.shutdown();
    return [
      ...measurements,
      { goal: 8, what: `index of ${THREADS.threads} threads, from nothing`, value: rebuildMs, unit: 'ms' },
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What is written here is thrown away again, and a sync for each of 10,000 threads takes a minute. */
const UNSYNCED_DISK: Disk = {
  ...nodeDisk,
  syncDirectory: async () => {},
  openForAppend: async (path, presence) => {
    const file = await nodeDisk.openForAppend(path, presence);
    return { ...file, datasync: async () => {}, sync: async () => {} };
  },
};

async function untilIndexed(store: ThreadStore): Promise<void> {
  const query = { isArchived: false, excludedIds: [], titlePart: '', text: '', after: undefined, limit: 1 };
  // It answers nothing while it is being built.
  while ((await store.find?.({ ...query, sortKey: 'createdAt', direction: 'desc' })) === undefined);
}

async function measurePages(client: Client): Promise<Measurement[]> {
  const random = new SeededRandom(2);
  const lists: number[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < LISTS; count += 1) {
    const sortKey = random.pick(['created_at', 'updated_at'] as const);
    // Every tenth page begins from the front; the others go on, as a person who scrolls does.
    const params = { limit: PAGE, sortKey, cursor: random.chance(0.1) ? null : cursor };
    lists.push(
      await timeOf(async () => {
        cursor = (await client.request('thread/list', params)).nextCursor ?? null;
      }),
    );
  }
  return [
    ...quantiles(`thread/list, page of ${PAGE}`, lists),
    ...quantiles('thread/search, one word', await timesOfSearches(client, random, (word) => word)),
    ...quantiles(
      'thread/search, three letters',
      await timesOfSearches(client, random, (word) => word.slice(0, 3)),
    ),
  ];
}

async function timesOfSearches(
  client: Client,
  random: SeededRandom,
  termOf: (word: string) => string,
): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < SEARCHES; count += 1) {
    const params = { searchTerm: termOf(random.pick(VOCABULARY)), limit: PAGE };
    times.push(await timeOf(async () => void (await client.request('thread/search', params))));
  }
  return times;
}

function seededWords(count: number): readonly string[] {
  const random = new SeededRandom(3);
  const letter = (): string => String.fromCharCode(random.int(0x61, 0x7a));
  return Array.from({ length: count }, () => Array.from({ length: random.int(3, 9) }, letter).join(''));
}

function quantiles(what: string, samples: number[]): Measurement[] {
  const of = `${what} of ${THREADS.threads} threads`;
  return [
    { goal: 8, what: `${of}, p50`, value: quantile(samples, 0.5), unit: 'ms', target: atMost(20) },
    { goal: 8, what: `${of}, p99`, value: quantile(samples, 0.99), unit: 'ms' },
  ];
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
