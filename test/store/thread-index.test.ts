import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { jsonlStore } from '@millrace/store';
import { SeededRandom } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestPeer } from '../runtime/test-peer.js';
import { startTestRuntime, temporaryDirectory } from '../runtime/test-runtime.js';
import { keepSeededThreads, type SeededThreads, WORDS } from './seeded-threads.js';

interface Page {
  readonly data: readonly { readonly id?: string; readonly thread?: { readonly id: string } }[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

type Ask = (method: string, params: unknown) => Promise<Page>;

const SOME: SeededThreads = { seed: 7, threads: 100, turns: 3, words: 12 };

/** A store with an index, and what went wrong with it. */
function indexedStore(directory: string) {
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const store = jsonlStore({ directory, index: { clock: systemClock, onFault } });
  onTestFinished(() => store.close());
  return { store, faults };
}

/** Asks a server over the files of a directory; with an index, or looking at the files each time. */
async function serverOver(directory: string, kind: 'index' | 'files') {
  const { store, faults } =
    kind === 'index' ? indexedStore(directory) : { store: jsonlStore({ directory }), faults: [] };
  const { server } = await startTestRuntime({ store, cwd: directory });
  const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
  const ask: Ask = (method, params) => peer.request<Page>(method, params);
  return { ask, peer, server, store, faults };
}

async function directoryWith(threads: SeededThreads): Promise<string> {
  const directory = await temporaryDirectory();
  const store = jsonlStore({ directory });
  await keepSeededThreads(store, threads);
  await store.close();
  return directory;
}

function someQuery(random: SeededRandom): { readonly method: string; readonly params: object } {
  const common = {
    limit: random.int(1, 30),
    sortKey: random.pick(['created_at', 'updated_at', 'recency_at', undefined]),
    sortDirection: random.pick(['asc', 'desc', undefined]),
    sourceKinds: random.pick([undefined, [], ['cli', 'exec'], ['unknown', 'vscode']]),
    archived: random.pick([undefined, true, false]),
  };
  const word = random.pick(WORDS);
  const start = random.int(0, word.length - 1);
  const searchTerm = random.pick([
    word,
    word.toUpperCase(),
    word.slice(start),
    `${random.pick(WORDS)} ${word}`,
  ]);
  if (random.chance(0.5)) return { method: 'thread/search', params: { ...common, searchTerm } };
  const filters = {
    cwd: random.pick([undefined, undefined, '/work/one', ['/work/two', '/work/three'], '/nowhere']),
    modelProviders: random.pick([undefined, undefined, [], ['alpha'], ['gamma']]),
    searchTerm: random.pick([undefined, undefined, searchTerm]),
    excludedThreadIds: ['01b00000-0000-7000-8000-000000000003', '01b00000-0000-7000-8000-000000000014'],
  };
  return { method: 'thread/list', params: { ...common, ...filters } };
}

/** All pages of a query, forwards, and the page that leads back from the last one. */
async function allPages(
  ask: Ask,
  { method, params }: ReturnType<typeof someQuery>,
): Promise<readonly Page[]> {
  const pages = [await ask(method, params)];
  for (let last = pages[0]; last?.nextCursor && pages.length < 12; last = pages.at(-1)) {
    pages.push(await ask(method, { ...params, cursor: last.nextCursor }));
  }
  const cursor = pages.at(-1)?.backwardsCursor;
  return cursor ? [...pages, await ask(method, { ...params, cursor, sortDirection: 'asc' })] : pages;
}

const ids = ({ data }: Page): unknown[] => data.map(({ id, thread }) => id ?? thread?.id);

describe('the index of threads', () => {
  it('answers 100 seeded lists and searches as the files do, page by page (TS-8)', async () => {
    const directory = await directoryWith(SOME);
    const files = await serverOver(directory, 'files');
    const index = await serverOver(directory, 'index');
    const random = new SeededRandom(11);
    let found = 0;
    for (let round = 0; round < 100; round += 1) {
      const query = someQuery(random);
      const expected = await allPages(files.ask, query);
      expect(await allPages(index.ask, query), JSON.stringify(query)).toEqual(expected);
      found += expected.flatMap((page) => page.data).length;
    }
    expect(found).toBeGreaterThan(1_000);
    expect(await readdir(join(directory, 'index'))).toContain('threads-v1.sqlite');
    const query = { isArchived: false, excludedIds: [], titlePart: '', text: '', after: undefined, limit: 1 };
    const direct = await index.store.find?.({ ...query, sortKey: 'createdAt', direction: 'desc' });
    expect([direct?.length, index.faults]).toEqual([1, []]);
  });

  it('knows at once what this server changed, loaded or not', async () => {
    const directory = await temporaryDirectory();
    const { ask, peer } = await serverOver(directory, 'index');
    const threadId = await peer.startThread();
    await peer.startTurn(threadId, 'say needle');
    await peer.readTo('turn/completed');
    expect(ids(await ask('thread/search', { searchTerm: 'NEEDLE' }))).toEqual([threadId]);
    await ask('thread/archive', { threadId });
    expect(ids(await ask('thread/search', { searchTerm: 'needle', archived: true }))).toEqual([threadId]);
    await ask('thread/name/set', { threadId, name: 'Haystack' });
    expect(ids(await ask('thread/search', { searchTerm: 'haystack', archived: true }))).toEqual([threadId]);
    await ask('thread/name/set', { threadId, name: 'Barn' });
    expect(ids(await ask('thread/search', { searchTerm: 'haystack', archived: true }))).toEqual([]);
    await ask('thread/delete', { threadId });
    expect(ids(await ask('thread/list', { archived: true }))).toEqual([]);
    expect(ids(await ask('thread/search', { searchTerm: 'needle', archived: true }))).toEqual([]);
  });

  it('finds at its first look what changed while nobody kept it', async () => {
    const directory = await directoryWith(SOME);
    const before = await serverOver(directory, 'index');
    const [first = '', second = ''] = ids(await before.ask('thread/list', {})) as string[];
    await before.server.finishShutdown();
    const silent = jsonlStore({ directory });
    const opened = await silent.open(first);
    opened?.log.append([{ type: 'name', name: 'Changed in silence' }]);
    await opened?.log.close();
    await silent.remove(second);
    await silent.close();
    const { ask } = await serverOver(directory, 'index');
    expect(ids(await ask('thread/search', { searchTerm: 'in silence' }))).toEqual([first]);
    expect(ids(await ask('thread/list', { limit: 2 }))).not.toContain(second);
  });

  it('reads a file again from its start where it is not what was read', async () => {
    const directory = await directoryWith({ ...SOME, threads: 1, turns: 1 });
    const before = await serverOver(directory, 'index');
    await before.ask('thread/list', {});
    await before.server.finishShutdown();
    await rm(join(directory, 'sessions'), { recursive: true });
    const other = jsonlStore({ directory });
    await keepSeededThreads(other, { ...SOME, seed: 8, threads: 1, turns: 3 });
    await other.close();
    const files = await serverOver(directory, 'files');
    const index = await serverOver(directory, 'index');
    const query = { searchTerm: 'e', sourceKinds: ['vscode', 'cli', 'exec', 'unknown'] };
    for (const archived of [true, false]) {
      const params = { ...query, archived };
      expect(await index.ask('thread/search', params)).toEqual(await files.ask('thread/search', params));
    }
  });

  it('is shared by servers that run at the same time', async () => {
    const directory = await temporaryDirectory();
    const one = await serverOver(directory, 'index');
    const other = await serverOver(directory, 'index');
    expect(ids(await other.ask('thread/list', {}))).toEqual([]);
    const threadId = await one.peer.startThread();
    await one.peer.startTurn(threadId, 'say needle');
    await one.peer.readTo('turn/completed');
    expect(ids(await one.ask('thread/search', { searchTerm: 'needle' }))).toEqual([threadId]);
    expect(ids(await other.ask('thread/search', { searchTerm: 'needle' }))).toEqual([threadId]);
  });

  it('is set aside and built again where it is damaged, and says so', async () => {
    const directory = await directoryWith({ ...SOME, threads: 20 });
    const files = await serverOver(directory, 'files');
    const expected = await files.ask('thread/list', {});
    const before = await serverOver(directory, 'index');
    expect(await before.ask('thread/list', {})).toEqual(expected);
    await before.server.finishShutdown();
    const path = join(directory, 'index', 'threads-v1.sqlite');
    await writeFile(path, 'this is no database '.repeat(1_000));
    const { ask, faults } = await serverOver(directory, 'index');
    expect(await ask('thread/list', {})).toEqual(expected);
    expect(faults).toMatchObject([{ code: 'SQLITE_NOTADB' }]);
    expect(await readdir(join(directory, 'index'))).toContain('threads-v1.sqlite.damaged');
  });

  it('is done without where it cannot be made', async () => {
    const directory = await directoryWith({ ...SOME, threads: 20 });
    await writeFile(join(directory, 'index'), 'a file where the directory would be');
    const files = await serverOver(directory, 'files');
    const { ask, faults } = await serverOver(directory, 'index');
    expect(await ask('thread/list', {})).toEqual(await files.ask('thread/list', {}));
    expect(faults).toHaveLength(1);
  });
});
