import { describe, expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

interface List {
  readonly data: readonly { readonly id: string; readonly status: { readonly type: string } }[];
  readonly readStates: Readonly<Record<string, unknown>>;
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

const ids = ({ data }: List): string[] => data.map(({ id }) => id);

/** A server with three used threads of different seconds, oldest first, and two that no list shows. */
async function startWithThreads() {
  const { server, clock, cwd } = await startTestRuntime();
  const peer = await TestPeer.connect(server);
  const threadIds: string[] = [];
  for (const text of ['say apple', 'say pear', 'say apple pie']) {
    const threadId = await peer.startThread();
    await peer.startTurn(threadId, text);
    await peer.readTo('turn/completed');
    threadIds.push(threadId);
    clock.advance(5_000);
  }
  await peer.startThread();
  await peer.startTurn(await peer.startThread({ ephemeral: true }), 'say apple');
  await peer.readTo('turn/completed');
  const list = (params: unknown = {}) => peer.request<List>('thread/list', params);
  return { peer, threadIds, list, cwd };
}

describe('the list of threads', () => {
  it('has what was used and is kept, newest first, page by page in both directions', async () => {
    const { threadIds, list } = await startWithThreads();
    const newestFirst = threadIds.toReversed();
    const all = await list();
    expect(ids(all)).toEqual(newestFirst);
    expect(Object.keys(all.readStates).sort()).toEqual(threadIds.toSorted());
    const first = await list({ limit: 0 });
    const second = await list({ limit: 1, cursor: first.nextCursor });
    const third = await list({ limit: 1, cursor: second.nextCursor });
    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(newestFirst);
    expect(third.nextCursor).toBeNull();
    const back = await list({ cursor: second.backwardsCursor, sortDirection: 'asc' });
    expect(ids(back)).toEqual(threadIds.slice(1));
    await expect(list({ cursor: 'bogus' })).rejects.toThrow('invalid cursor: bogus');
  });

  it('is filtered by directory, source, provider and words', async () => {
    const { peer, threadIds, list, cwd } = await startWithThreads();
    const [apple = '', , pie = ''] = threadIds;
    expect(ids(await list({ searchTerm: 'APPLE' }))).toEqual([pie, apple]);
    expect(ids(await list({ cwd: [cwd], modelProviders: [] }))).toHaveLength(3);
    const nothing = { data: [], readStates: {}, nextCursor: null, backwardsCursor: null };
    for (const none of [{ cwd: '/nowhere' }, { sourceKinds: ['cli'] }, { modelProviders: ['x'] }])
      expect(await list(none)).toEqual(nothing);
    await peer.request('thread/name/set', { threadId: apple, name: 'Quince' });
    expect(ids(await list({ searchTerm: 'quince' }))).toEqual([apple]);
  });

  it('shows archived threads apart, and no deleted ones', async () => {
    const { peer, threadIds, list } = await startWithThreads();
    const [first = '', second = '', third = ''] = threadIds;
    await peer.request('thread/archive', { threadId: first });
    await peer.request('thread/delete', { threadId: second });
    expect(ids(await list())).toEqual([third]);
    const archived = await list({ archived: true });
    expect(archived.data).toMatchObject([{ id: first, status: { type: 'notLoaded' } }]);
  });

  it('is sorted by the last change where that is asked for', async () => {
    const { peer, threadIds, list } = await startWithThreads();
    const [first = '', second = '', third = ''] = threadIds;
    await peer.startTurn(first, 'say again');
    await peer.readTo('turn/completed');
    expect(ids(await list({ sortKey: 'updated_at' }))).toEqual([first, third, second]);
    expect(ids(await list({ sortKey: 'updated_at', sortDirection: 'asc' }))).toEqual([second, third, first]);
  });
});
