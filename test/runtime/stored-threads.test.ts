import type { ModelClient } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import type { RuntimeOptions, Server } from '@millrace/runtime';
import { jsonlStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' };

interface Read {
  readonly thread: {
    readonly id: string;
    readonly name: string | null;
    readonly preview: string;
    readonly status: { readonly type: string };
    readonly turns: readonly { readonly id: string; readonly items: readonly unknown[] }[];
  };
  readonly readState: unknown;
}

/** A server over the files of a directory; each call is another process as far as anybody can see. */
async function startOver(
  directory: string,
  options: Pick<RuntimeOptions, 'model'> = {},
): Promise<{ readonly server: Server; readonly peer: TestPeer }> {
  const store = jsonlStore({ directory });
  const { server } = await startTestRuntime({ store, cwd: directory, ...options });
  return { server, peer: await TestPeer.connect(server) };
}

/** A thread with two turns, whose server has ended. */
async function keepThread(directory: string): Promise<{ readonly threadId: string; readonly read: Read }> {
  const { server, peer } = await startOver(directory);
  const threadId = await peer.startThread(FREE);
  for (const text of ['think hard\nsay one', 'say two']) {
    await peer.startTurn(threadId, text);
    await peer.readTo('turn/completed');
  }
  const read = await peer.request<Read>('thread/read', { threadId, includeTurns: true });
  await server.finishShutdown();
  return { threadId, read };
}

describe('a thread that another process kept', () => {
  it('reads as it was, without being loaded', async () => {
    const directory = await temporaryDirectory();
    const { threadId, read } = await keepThread(directory);
    const { peer } = await startOver(directory);
    const again = await peer.request<Read>('thread/read', { threadId, includeTurns: true });
    expect(again.thread.turns).toEqual(read.thread.turns);
    expect(again.readState).toEqual(read.readState);
    expect(again.thread).toMatchObject({ preview: read.thread.preview, status: { type: 'notLoaded' } });
    await expect(peer.request('thread/loaded/list')).resolves.toMatchObject({ data: [] });
    await expect(peer.startTurn(threadId, 'say no')).rejects.toThrow(`thread not found: ${threadId}`);
  });

  it('goes on after a resume: settings, history and items are those of before', async () => {
    const directory = await temporaryDirectory();
    const { threadId, read } = await keepThread(directory);
    const seen: unknown[] = [];
    const { peer } = await startOver(directory, { model: watched(seen) });
    const resumed = await peer.request<Read>('thread/resume', { threadId });
    expect(resumed).toMatchObject({ approvalPolicy: 'never', sandbox: { type: 'dangerFullAccess' } });
    expect(resumed.thread.turns).toEqual(read.thread.turns);
    expect(resumed.thread.status).toEqual({ type: 'idle' });
    await peer.startTurn(threadId, 'say three');
    await peer.readTo('turn/completed');
    expect(JSON.stringify(seen)).toContain('think hard');
    const after = await peer.request<Read>('thread/read', { threadId, includeTurns: true });
    expect(after.thread.turns).toHaveLength(3);
    expect(after.thread.turns.slice(0, 2)).toEqual(read.thread.turns);
  });

  it('tells everybody that it is idle, and counts overrides only when it was not loaded', async () => {
    const directory = await temporaryDirectory();
    const { threadId } = await keepThread(directory);
    const { server, peer } = await startOver(directory);
    const other = await TestPeer.connect(server);
    const resumed = await peer.request('thread/resume', { threadId, approvalPolicy: 'untrusted' });
    expect(resumed).toMatchObject({ approvalPolicy: 'untrusted' });
    expect(other.drain().map(kindOf)).toEqual(['thread/status/changed']);
    await expect(peer.request('thread/resume', { threadId, approvalPolicy: 'never' })).resolves.toMatchObject(
      { approvalPolicy: 'untrusted' },
    );
  });

  it('lists its turns and items page by page, the same before and after a resume', async () => {
    const directory = await temporaryDirectory();
    const { threadId, read } = await keepThread(directory);
    const { peer } = await startOver(directory);
    const list = (method: string, params = {}) =>
      peer.request<{ data: unknown[]; nextCursor: string | null }>(method, { threadId, ...params });
    const turns = await list('thread/turns/list', { itemsView: 'full', sortDirection: 'asc' });
    expect(turns.data).toEqual(read.thread.turns);
    const newest = await list('thread/turns/list', { limit: 1 });
    expect(newest.data).toMatchObject([{ id: read.thread.turns[1]?.id, itemsView: 'summary' }]);
    const oldest = await list('thread/turns/list', { cursor: newest.nextCursor });
    expect(oldest).toMatchObject({ data: [{ id: read.thread.turns[0]?.id }], nextCursor: null });

    const items = await list('thread/items/list');
    expect(items.data.map((entry) => (entry as { item: unknown }).item)).toEqual(
      read.thread.turns.flatMap((turn) => turn.items),
    );
    const resumed = await peer.request<{ itemsBackwardsCursor: string }>('thread/resume', { threadId });
    const backwards = { cursor: resumed.itemsBackwardsCursor, sortDirection: 'desc' };
    expect((await list('thread/items/list', backwards)).data).toEqual(items.data.toReversed());
    await expect(list('thread/items/list', { cursor: 'bogus' })).rejects.toThrow('invalid cursor: bogus');
  });

  it('is refused while another process has it', async () => {
    const directory = await temporaryDirectory();
    const { peer: first } = await startOver(directory);
    const threadId = await first.startThread(FREE);
    await first.startTurn(threadId, 'say one');
    await first.readTo('turn/completed');
    const { peer: second } = await startOver(directory);
    await expect(second.request('thread/resume', { threadId })).rejects.toThrow('-32600');
    await expect(second.request('thread/read', { threadId })).resolves.toHaveProperty('thread');
  });
});

describe('a thread of one process', () => {
  it('is named, and has that name in the next process', async () => {
    const directory = await temporaryDirectory();
    const { threadId } = await keepThread(directory);
    const { server, peer } = await startOver(directory);
    await peer.request('thread/name/set', { threadId, name: '  first  ' });
    await peer.request('thread/resume', { threadId });
    await peer.request('thread/name/set', { threadId, name: 'second' });
    expect(paramsOf((await peer.readTo('thread/name/updated')).at(-1))).toMatchObject({ threadId });
    await expect(peer.request('thread/name/set', { threadId, name: ' ' })).rejects.toThrow(
      'thread name must not be empty',
    );
    await server.finishShutdown();
    const next = await startOver(directory);
    const { thread } = await next.peer.request<Read>('thread/read', { threadId });
    expect(thread.name).toBe('second');
  });

  it('is put away and taken out again, unloaded both times', async () => {
    const directory = await temporaryDirectory();
    const { threadId } = await keepThread(directory);
    const { peer } = await startOver(directory);
    await peer.request('thread/resume', { threadId });
    peer.drain();
    await peer.request('thread/archive', { threadId });
    expect(peer.drain().map(kindOf)).toEqual(['thread/status/changed', 'thread/archived']);
    const missing = `no rollout found for thread id ${threadId}`;
    for (const method of ['thread/archive', 'thread/resume'])
      await expect(peer.request(method, { threadId })).rejects.toThrow(missing);
    const out = await peer.request<Read>('thread/unarchive', { threadId });
    expect(out.thread).toMatchObject({ id: threadId, status: { type: 'notLoaded' } });
    await expect(peer.request('thread/unarchive', { threadId })).rejects.toThrow('no archived rollout');
    await expect(peer.request('thread/resume', { threadId })).resolves.toHaveProperty('thread');
  });

  it('is deleted for good, also while it is loaded', async () => {
    const directory = await temporaryDirectory();
    const { threadId } = await keepThread(directory);
    const { peer } = await startOver(directory);
    await peer.request('thread/resume', { threadId });
    peer.drain();
    await peer.request('thread/delete', { threadId });
    expect(peer.drain().map(kindOf)).toEqual(['thread/status/changed', 'thread/deleted']);
    await expect(peer.request('thread/read', { threadId })).rejects.toThrow(`thread not loaded: ${threadId}`);
    await expect(peer.request('thread/delete', { threadId })).rejects.toThrow('no rollout found');
  });
});

describe('a fork', () => {
  it('has the turns of its source, and a life of its own', async () => {
    const directory = await temporaryDirectory();
    const { threadId, read } = await keepThread(directory);
    const { server, peer } = await startOver(directory);
    const fork = await peer.request<Read>('thread/fork', { threadId });
    expect(fork.thread).toMatchObject({ forkedFromId: threadId, status: { type: 'idle' } });
    expect(fork.thread.turns).toEqual(read.thread.turns);
    await peer.startTurn(fork.thread.id, 'say three');
    await peer.readTo('turn/completed');
    await server.finishShutdown();
    const next = await startOver(directory);
    const turnsOf = async (id: string) =>
      (await next.peer.request<Read>('thread/read', { threadId: id, includeTurns: true })).thread.turns;
    expect(await turnsOf(fork.thread.id)).toHaveLength(3);
    expect(await turnsOf(threadId)).toEqual(read.thread.turns);
  });

  it('ends with the given turn, and is not kept where it is ephemeral', async () => {
    const directory = await temporaryDirectory();
    const { threadId, read } = await keepThread(directory);
    const { peer } = await startOver(directory);
    const lastTurnId = read.thread.turns[0]?.id;
    const fork = await peer.request<Read>('thread/fork', { threadId, lastTurnId, ephemeral: true });
    expect(fork.thread).toMatchObject({ ephemeral: true, path: null });
    expect(fork.thread.turns).toEqual(read.thread.turns.slice(0, 1));
    const { data } = await peer.request<{ data: { id: string }[] }>('thread/list');
    expect(data.map(({ id }) => id)).toEqual([threadId]);
    await expect(peer.request('thread/fork', { threadId, lastTurnId: 'x' })).rejects.toThrow(
      'turn not found: x',
    );
  });
});

it('a thread that nobody knows is not resumed', async () => {
  const { peer } = await startOver(await temporaryDirectory());
  const threadId = '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c';
  await expect(peer.request('thread/resume', { threadId })).rejects.toThrow(
    `no rollout found for thread id ${threadId}`,
  );
  await expect(peer.request('thread/read', { threadId })).rejects.toThrow(`thread not loaded: ${threadId}`);
});

/** The scripted model, which notes what it was given. */
function watched(seen: unknown[]): ModelClient {
  const model = scriptedModel();
  return {
    ...model,
    stream: (request, signal) => {
      seen.push(request.input);
      return model.stream(request, signal);
    },
  };
}
