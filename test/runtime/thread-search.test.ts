import { jsonlStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

interface Found {
  readonly data: readonly { readonly thread: { readonly id: string }; readonly snippet: string }[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

interface Occurrences {
  readonly data: readonly {
    readonly turnId: string;
    readonly itemId: string;
    readonly snippet: string;
    readonly snippetMatchRange: { readonly start: number; readonly end: number };
    readonly turnCursor: string;
  }[];
  readonly nextCursor: string | null;
}

const ids = ({ data }: Found): string[] => data.map(({ thread }) => thread.id);

/** A server over files with three used threads of different seconds; the first one is not loaded any more. */
async function startWithThreads() {
  const directory = await temporaryDirectory();
  const { server, clock } = await startTestRuntime({ store: jsonlStore({ directory }), cwd: directory });
  const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
  const threadIds: string[] = [];
  for (const text of ['say the APPLE of my eye', 'say pear', `say ${'word '.repeat(40)}apple.*pie`]) {
    const threadId = await peer.startThread();
    await peer.startTurn(threadId, text);
    await peer.readTo('turn/completed');
    threadIds.push(threadId);
    clock.advance(5_000);
  }
  const [first = ''] = threadIds;
  await peer.request('thread/archive', { threadId: first });
  await peer.request('thread/unarchive', { threadId: first });
  return { peer, threadIds, search: (params: unknown) => peer.request<Found>('thread/search', params) };
}

describe('a search over threads', () => {
  it('finds what was said, loaded or not, in upper or lower case, page by page in both directions', async () => {
    const { threadIds, search } = await startWithThreads();
    const [apple = '', , pie = ''] = threadIds;
    expect(ids(await search({ searchTerm: ' apple ' }))).toEqual([pie, apple]);
    const first = await search({ searchTerm: 'apple', limit: 1 });
    expect(ids(first)).toEqual([pie]);
    const second = await search({ searchTerm: 'apple', limit: 1, cursor: first.nextCursor });
    expect([ids(second), second.nextCursor]).toEqual([[apple], null]);
    const back = await search({ searchTerm: 'apple', cursor: second.backwardsCursor, sortDirection: 'asc' });
    expect(ids(back)).toEqual([apple, pie]);
  });

  it('takes the term as it stands, and shows where it was found', async () => {
    const { threadIds, search } = await startWithThreads();
    const [apple = '', , pie = ''] = threadIds;
    const { data } = await search({ searchTerm: 'APPLE.*' });
    expect(data.map(({ thread }) => thread.id)).toEqual([pie]);
    expect(data[0]?.snippet).toMatch(/^\.\.\. .*word word apple\.\*pie$/);
    expect((await search({ searchTerm: 'of my' })).data).toMatchObject([
      { thread: { id: apple }, snippet: 'say the APPLE of my eye' },
    ]);
    expect(ids(await search({ searchTerm: 'apple', archived: true }))).toEqual([]);
    expect(ids(await search({ searchTerm: 'apple', sourceKinds: ['exec'] }))).toEqual([]);
  });

  it('finds names, also one that was given a moment ago', async () => {
    const { peer, threadIds, search } = await startWithThreads();
    for (const threadId of threadIds) await peer.request('thread/name/set', { threadId, name: 'Quince' });
    expect(ids(await search({ searchTerm: 'quince' }))).toEqual(threadIds.toReversed());
  });

  it('refuses an empty term, and a cursor that it never gave', async () => {
    const { search } = await startWithThreads();
    await expect(search({ searchTerm: ' ' })).rejects.toThrow(
      'thread/search requires a non-empty searchTerm',
    );
    await expect(search({ searchTerm: 'a', cursor: 'x' })).rejects.toThrow('invalid cursor: x');
  });
});

describe('a search in one thread', () => {
  it('shows every place in the order of the messages, with a cursor to its turn', async () => {
    const { peer, threadIds } = await startWithThreads();
    const [threadId = ''] = threadIds;
    const search = (params: object) =>
      peer.request<Occurrences>('thread/searchOccurrences', { threadId, searchTerm: 'e', ...params });
    const all = await search({});
    const texts = all.data.map(({ snippet, snippetMatchRange: { start, end } }) => snippet.slice(start, end));
    expect(texts).toEqual(['e', 'E', 'e', 'e', 'e', 'E', 'e', 'e']);
    const pages: unknown[] = [];
    let page = await search({ limit: 3 });
    for (; page.nextCursor !== null; page = await search({ limit: 3, cursor: page.nextCursor })) {
      pages.push(...page.data);
    }
    expect([...pages, ...page.data]).toEqual(all.data);
    const turns = await peer.request('thread/turns/list', { threadId, cursor: all.data[0]?.turnCursor });
    expect(turns).toMatchObject({ data: [{ id: all.data[0]?.turnId }] });
    await expect(search({ searchTerm: '' })).rejects.toThrow('requires a non-empty searchTerm');
    const other = { searchTerm: 'x', cursor: (await search({ limit: 1 })).nextCursor };
    await expect(search(other)).rejects.toThrow('invalid cursor');
  });
});
