import type { ModelClient, ThreadStore } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import { jsonlStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { GatedStore } from './gated-store.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' };
const UNKNOWN = '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c';
const message = (text: string) => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});

interface Turns {
  readonly data: readonly { readonly id: string; readonly status: string }[];
}

/** A server over a store, whose model notes what it was given. */
async function start(store?: ThreadStore): Promise<{
  readonly peer: TestPeer;
  readonly inputs: string[];
  readonly stop: () => Promise<void>;
}> {
  const inputs: string[] = [];
  const scripted = scriptedModel();
  const model: ModelClient = {
    provider: scripted.provider,
    streamMaxRetries: 0,
    models: [],
    stream: (request, signal) => {
      inputs.push(JSON.stringify(request.input));
      return scripted.stream(request, signal);
    },
  };
  const { server } = await startTestRuntime({ model, ...(store === undefined ? {} : { store }) });
  const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
  return { peer, inputs, stop: () => server.finishShutdown() };
}

async function say(peer: TestPeer, threadId: string, text: string): Promise<string> {
  const turnId = await peer.startTurn(threadId, text);
  await peer.readTo('turn/completed');
  return turnId;
}

async function turnIds(peer: TestPeer, threadId: string): Promise<string[]> {
  const { data } = await peer.request<Turns>('thread/turns/list', { threadId, sortDirection: 'asc' });
  return data.map(({ id }) => id);
}

describe('thread/inject_items', () => {
  it('gives the model what it was given nobody said, after the opening context and for good', async () => {
    const directory = await temporaryDirectory();
    const first = await start(jsonlStore({ directory }));
    const threadId = await first.peer.startThread(FREE);
    await first.peer.request('thread/inject_items', {
      threadId,
      items: [message('early'), { type: 'bogus' }],
    });
    await first.stop();

    const second = await start(jsonlStore({ directory }));
    await second.peer.request('thread/resume', { threadId, excludeTurns: true });
    await say(second.peer, threadId, 'say one');
    expect(second.inputs[0]).toMatch(/environment_context.*early.*say one/);
    expect(second.inputs[0]).not.toContain('bogus');
    const items = await second.peer.request<Turns>('thread/items/list', { threadId });
    expect(JSON.stringify(items)).not.toContain('early');
  });

  it('answers an injected call that has no output: a model refuses it otherwise', async () => {
    const { peer, inputs } = await start();
    const threadId = await peer.startThread(FREE);
    await say(peer, threadId, 'say one');
    const call = { type: 'function_call', name: 'f', arguments: '{}', call_id: 'c1' };
    await peer.request('thread/inject_items', { threadId, items: [call] });
    await say(peer, threadId, 'say two');
    expect(inputs[1]).toMatch(/"function_call".*"function_call_output","call_id":"c1","output":"aborted"/);
  });

  it.each([
    [[], 'items must not be empty'],
    [[{}], 'items[0] is not a valid response item: missing field `type`'],
    [
      [message('a'), 5],
      'items[1] is not a valid response item: invalid type: integer `5`, expected internally tagged enum ResponseItem',
    ],
    [[{ type: 'message', role: 'user' }], 'items[0] is not a valid response item: missing field `content`'],
    [
      [{ type: 'function_call', name: 'f', arguments: {}, call_id: 'c' }],
      'items[0] is not a valid response item: invalid type: map, expected a string',
    ],
    [
      [{ type: 'message', role: 'user', content: 'x' }],
      'items[0] is not a valid response item: invalid type: string "x", expected a sequence',
    ],
  ])('refuses %j', async (items, text) => {
    const { peer } = await start();
    const threadId = await peer.startThread();
    const reply = await peer.ask('thread/inject_items', { threadId, items });
    expect(reply).toMatchObject({ error: { code: -32_600, message: text } });
  });

  it('refuses a thread that is not loaded, and one that cannot be saved any more (TS-6)', async () => {
    const store = new GatedStore();
    const { peer } = await start(store);
    const items = [message('x')];
    const unknown = peer.request('thread/inject_items', { threadId: UNKNOWN, items });
    await expect(unknown).rejects.toThrow(`-32600 thread not found: ${UNKNOWN}`);
    const threadId = await peer.startThread(FREE);
    store.break();
    await say(peer, threadId, 'say one');
    await expect(peer.request('thread/inject_items', { threadId, items })).rejects.toThrow('read-only');
  });
});

describe('thread/revert', () => {
  it('forgets a turn and all after it, for clients, for the model and for the next process', async () => {
    const directory = await temporaryDirectory();
    const first = await start(jsonlStore({ directory }));
    const threadId = await first.peer.startThread(FREE);
    const turns = [await say(first.peer, threadId, 'say one')];
    for (const text of ['say two', 'say three']) turns.push(await say(first.peer, threadId, text));
    first.peer.drain();
    const reverted = await first.peer.request('thread/revert', { threadId, beforeTurnId: turns[1] });
    expect(reverted).toMatchObject({ thread: { id: threadId, turns: [], status: { type: 'idle' } } });
    expect(first.peer.drain().map((entry) => [kindOf(entry), paramsOf(entry).status])).toEqual([
      ['thread/status/changed', { type: 'notLoaded' }],
      ['thread/status/changed', { type: 'idle' }],
      ['thread/reverted', undefined],
    ]);
    expect(await turnIds(first.peer, threadId)).toEqual(turns.slice(0, 1));
    const later = await say(first.peer, threadId, 'say four');
    expect(first.inputs.at(-1)).toMatch(/say one.*say four/);
    expect(first.inputs.at(-1)).not.toMatch(/say two|say three/);
    await first.stop();

    const second = await start(jsonlStore({ directory }));
    await second.peer.request('thread/resume', { threadId, excludeTurns: true });
    expect(await turnIds(second.peer, threadId)).toEqual([turns[0], later]);
  });

  it('interrupts the turn that runs, whose end is told first', async () => {
    const { peer } = await start();
    const threadId = await peer.startThread(FREE);
    const first = await say(peer, threadId, 'say one');
    await peer.startTurn(threadId, 'sleep 600000');
    await peer.readTo('item/completed');
    await peer.request('thread/revert', { threadId, beforeTurnId: first });
    const said = await peer.readTo('thread/reverted');
    const end = said.find((entry) => kindOf(entry) === 'turn/completed');
    expect(paramsOf(end)).toMatchObject({ turn: { status: 'interrupted' } });
    expect(await turnIds(peer, threadId)).toEqual([]);
    await expect(peer.request('thread/read', { threadId })).resolves.toMatchObject({
      readState: { firstUnread: null },
    });
  });

  it('refuses what it cannot do, and leaves the thread as it is', async () => {
    const { peer } = await start();
    const ephemeral = await peer.startThread({ ...FREE, ephemeral: true });
    const fresh = await peer.startThread(FREE);
    const threadId = await peer.startThread(FREE);
    const turnId = await say(peer, threadId, 'say one');
    const revert = (id: string, beforeTurnId = UNKNOWN) =>
      peer.request('thread/revert', { threadId: id, beforeTurnId });
    await expect(revert(UNKNOWN)).rejects.toThrow(`thread not found: ${UNKNOWN}`);
    await expect(revert(ephemeral)).rejects.toThrow('ephemeral threads do not support thread/revert');
    await expect(revert(fresh)).rejects.toThrow(`no rollout found for thread id ${fresh}`);
    await expect(revert(threadId)).rejects.toThrow(`turn not found: ${UNKNOWN}`);
    expect(await turnIds(peer, threadId)).toEqual([turnId]);
  });
});

describe('thread/readState/update', () => {
  it('marks a thread, loaded or not, if the client saw its state', async () => {
    const directory = await temporaryDirectory();
    const first = await start(jsonlStore({ directory }));
    const threadId = await first.peer.startThread(FREE);
    const mark = (peer: TestPeer, type: string, expectedRevision: string) =>
      peer.ask('thread/readState/update', { threadId, operation: { type }, expectedRevision });
    const early = await mark(first.peer, 'read', 'x');
    expect(early).toMatchObject({ error: { code: -32_600, message: 'thread read state unavailable' } });
    const turnId = await say(first.peer, threadId, 'say one');
    const unread = { type: 'turn', turnId };
    const refused = await mark(first.peer, 'read', 'x');
    expect(refused).toMatchObject({
      error: {
        code: -32_600,
        message: 'read state changed',
        data: { reason: 'readStateConflict', readState: { firstUnread: unread } },
      },
    });
    const { revision } = (refused as never as { error: { data: { readState: { revision: string } } } }).error
      .data.readState;
    const read = await mark(first.peer, 'read', revision);
    expect(read).toMatchObject({ result: { readState: { firstUnread: null } } });
    expect(kindOf(first.peer.drain().at(-1) as never)).toBe('thread/readState/changed');
    await first.stop();

    const second = await start(jsonlStore({ directory }));
    const next = (read as never as { result: { readState: { revision: string } } }).result.readState.revision;
    await expect(mark(second.peer, 'unread', next)).resolves.toMatchObject({
      result: { readState: { firstUnread: { type: 'threadStart' } } },
    });
    await expect(mark(second.peer, 'unread', next)).resolves.toMatchObject({
      error: { message: 'read state changed' },
    });
  });
});

describe('thread/settings/update', () => {
  it('counts from the next turn on and in the next process, and is told after the answer', async () => {
    const directory = await temporaryDirectory();
    const first = await start(jsonlStore({ directory }));
    const threadId = await first.peer.startThread();
    await say(first.peer, threadId, 'say one');
    first.peer.drain();
    const update = (params: object) => first.peer.request('thread/settings/update', { threadId, ...params });
    await expect(update({ model: 'other', permissions: ':workspace' })).resolves.toEqual({});
    const [told] = first.peer.drain();
    expect(paramsOf(told)).toMatchObject({
      threadSettings: {
        model: 'other',
        sandboxPolicy: { type: 'workspaceWrite' },
        activePermissionProfile: { id: ':workspace' },
      },
    });
    await update({ model: 'other' });
    expect(first.peer.drain()).toEqual([]);
    await first.stop();
    const second = await start(jsonlStore({ directory }));
    await expect(
      second.peer.request('thread/resume', { threadId, excludeTurns: true }),
    ).resolves.toMatchObject({
      model: 'other',
      sandbox: { type: 'workspaceWrite' },
    });
  });

  it('refuses a profile with a sandbox, and a profile that nobody knows', async () => {
    const { peer } = await start();
    const threadId = await peer.startThread();
    const update = (params: object) => peer.request('thread/settings/update', { threadId, ...params });
    const both = { permissions: ':read-only', sandboxPolicy: { type: 'dangerFullAccess' } };
    await expect(update(both)).rejects.toThrow('`permissions` cannot be combined with `sandboxPolicy`');
    await expect(update({ permissions: 'bogus' })).rejects.toThrow('failed to load configuration');
    await expect(peer.request('thread/settings/update', { threadId: UNKNOWN })).rejects.toThrow(
      'thread not found',
    );
  });
});

describe('a thread named by its file', () => {
  it('is resumed and forked, whatever the id says, and only its own path is taken while it is loaded', async () => {
    const directory = await temporaryDirectory();
    const first = await start(jsonlStore({ directory }));
    const threadId = await first.peer.startThread(FREE);
    const turns = [await say(first.peer, threadId, 'say one'), await say(first.peer, threadId, 'say two')];
    const read = await first.peer.request<{ thread: { path: string } }>('thread/read', { threadId });
    const { path } = read.thread;
    const stale = first.peer.request('thread/resume', { threadId, path: '/nowhere' });
    await expect(stale).rejects.toThrow(`cannot resume running thread ${threadId} with stale path`);
    await expect(first.peer.request('thread/resume', { threadId, path })).resolves.toBeDefined();
    await first.stop();

    const { peer } = await start(jsonlStore({ directory }));
    await expect(peer.request('thread/fork', { threadId: 'x', path: '/nowhere' })).rejects.toThrow(
      'failed to resolve rollout path `/nowhere`: file does not exist',
    );
    const params = { threadId: 'x', path, beforeTurnId: turns[1], excludeTurns: true };
    const fork = await peer.request<{ thread: { id: string } }>('thread/fork', params);
    expect(await turnIds(peer, fork.thread.id)).toEqual([turns[0]]);
    const resumed = await peer.request('thread/resume', { threadId: UNKNOWN, path, excludeTurns: true });
    expect(resumed).toMatchObject({ thread: { id: threadId } });
    await expect(peer.request('thread/resume', { threadId: UNKNOWN, path: '' })).rejects.toThrow(
      `no rollout found for thread id ${UNKNOWN}`,
    );
  });

  it('is left alone where its turn runs: a fork of it shows that turn as interrupted, and goes on', async () => {
    const { peer, inputs } = await start();
    const threadId = await peer.startThread(FREE);
    await say(peer, threadId, 'say one');
    const running = await peer.startTurn(threadId, 'sleep 600000');
    await peer.readTo('item/completed');
    const refused = peer.request('thread/fork', { threadId, lastTurnId: running });
    await expect(refused).rejects.toThrow(`lastTurnId '${running}' identifies an in-progress turn`);
    const { thread } = await peer.request<{ thread: { id: string } }>('thread/fork', {
      threadId,
      excludeTurns: true,
    });
    const { data } = await peer.request<Turns>('thread/turns/list', { threadId: thread.id });
    expect(data[0]).toMatchObject({ id: running, status: 'interrupted' });
    await peer.startTurn(thread.id, 'say three');
    while (inputs.length < 3) await peer.view.receive();
    expect(inputs.at(-1)).toMatch(/sleep 600000.*turn_aborted.*say three/);
  });
});

describe('thread/resume with a history', () => {
  it('begins a thread with it', async () => {
    const { peer, inputs } = await start();
    const params = { threadId: UNKNOWN, history: [message('kept elsewhere')], excludeTurns: true, ...FREE };
    const { thread } = await peer.request<{ thread: { id: string } }>('thread/resume', params);
    await say(peer, thread.id, 'say one');
    expect(inputs[0]).toMatch(/kept elsewhere.*say one/);
    await expect(peer.request('thread/resume', { threadId: UNKNOWN, history: [] })).rejects.toThrow(
      'history must not be empty',
    );
  });
});
