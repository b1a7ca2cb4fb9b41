import type { QueuedSubmission, Turn } from '@millrace/protocol';
import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, type WireEvent, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf, type TestPeer } from './test-peer.js';
import { temporaryDirectory } from './test-runtime.js';

const UNKNOWN = '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c';
const say = (text: string): ResponsesReply => wire.response(wire.message([text], `msg_${text}`));
const hung: ResponsesReply = { events: [wire.created(), ...wire.message(['well'])], end: 'hang' };
const text = (words: string) => [{ type: 'text', text: words }];

/** A response that is held until the test lets it end. */
function gated(end: WireEvent = wire.completed()): {
  readonly reply: ResponsesReply;
  readonly open: () => void;
} {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reply = { events: [wire.created(), ...wire.message(['well']), gate, end] };
  return { reply, open: () => open() };
}

async function add({ peer, threadId }: ResponsesThread, words: string): Promise<string> {
  const params = { threadId, input: text(words), clientUserMessageId: words };
  const { queuedSubmission } = await peer.request<{ queuedSubmission: QueuedSubmission }>(
    'thread/queue/add',
    params,
  );
  return queuedSubmission.id;
}

/** What waits, by the name that the client gave it. */
async function waiting(peer: TestPeer, threadId: string): Promise<string[]> {
  const { data } = await peer.request<{ data: QueuedSubmission[] }>('thread/queue/list', { threadId });
  return data.map(({ clientUserMessageId }) => clientUserMessageId);
}

/** What the user said in each turn, oldest turn first. */
async function said(peer: TestPeer, threadId: string): Promise<string[]> {
  const params = { threadId, sortDirection: 'asc', itemsView: 'full' };
  const { data } = await peer.request<{ data: Turn[] }>('thread/turns/list', params);
  return data.map(({ items }) =>
    items.flatMap((item) => (item.type === 'userMessage' ? textOf(item) : [])).join(),
  );
}

function textOf({ content }: Extract<Turn['items'][number], { type: 'userMessage' }>): string[] {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
}

/** Begins a turn that the test holds, up to the first word of the model. */
async function startTurn({ peer, threadId }: ResponsesThread, words: string): Promise<string> {
  const turnId = await peer.startTurn(threadId, words);
  await peer.readTo('item/agentMessage/delta');
  return turnId;
}

describe('the queue of a thread', () => {
  it('is added to, listed by page, updated, reordered and deleted from, and each change is told', async () => {
    const thread = await startResponsesThread([hung]);
    const { peer, threadId } = thread;
    await startTurn(thread, 'slow');
    const [a, b] = [await add(thread, 'a'), await add(thread, 'b'), await add(thread, 'c')];
    const page = await peer.request('thread/queue/list', { threadId, limit: 2 });
    expect(page).toMatchObject({ data: [{ id: a }, { id: b }], nextCursor: '2' });
    const rest = await peer.request('thread/queue/list', { threadId, limit: 2, cursor: '2' });
    expect(rest).toMatchObject({ data: [{ clientUserMessageId: 'c' }], nextCursor: null });
    const update = {
      threadId,
      queuedSubmissionId: b,
      input: text('B'),
      responsesapiClientMetadata: { k: 'v' },
    };
    expect(await peer.request('thread/queue/update', update)).toMatchObject({
      queuedSubmission: {
        id: b,
        input: [{ text: 'B' }],
        clientUserMessageId: 'b',
        responsesapiClientMetadata: { k: 'v' },
      },
    });
    const all = (await peer.request<{ data: QueuedSubmission[] }>('thread/queue/list', { threadId })).data;
    const queuedSubmissionIds = all.map(({ id }) => id).reverse();
    expect(await peer.request('thread/queue/reorder', { threadId, queuedSubmissionIds })).toEqual({});
    expect(await waiting(peer, threadId)).toEqual(['c', 'b', 'a']);
    const gone = { threadId, queuedSubmissionId: a };
    expect(await peer.request('thread/queue/delete', gone)).toEqual({ deleted: true });
    expect(await peer.request('thread/queue/delete', gone)).toEqual({ deleted: false });
    expect(await waiting(peer, threadId)).toEqual(['c', 'b']);
    expect(peer.drain().filter((event) => kindOf(event) === 'thread/queue/changed')).toHaveLength(6);
  });

  it('refuses what makes no sense, in the words of the reference server', async () => {
    const thread = await startResponsesThread([hung]);
    const { peer, threadId } = thread;
    const refused = async (method: string, params: object): Promise<unknown> =>
      Object.values(await peer.ask(`thread/queue/${method}`, { threadId, ...params })).at(-1);
    const error = (message: string, code = -32600): unknown => ({ code, message });
    const nothing = error('only user input can be added to the user-message queue');
    expect(await refused('add', { input: [], clientUserMessageId: 'm' })).toEqual(nothing);
    expect(await refused('list', { threadId: UNKNOWN })).toEqual(
      error(
        `failed to read thread: invalid thread-store request: no rollout found for thread id ${UNKNOWN}`,
        -32603,
      ),
    );
    expect(await refused('start', {})).toEqual(error('queue is empty'));
    await startTurn(thread, 'slow');
    const a = await add(thread, 'a');
    expect(await refused('update', { queuedSubmissionId: a, input: [] })).toEqual(nothing);
    const unknown = error('queued submission not found: nope');
    expect(await refused('update', { queuedSubmissionId: 'nope', input: text('x') })).toEqual(unknown);
    expect(await refused('start', { queuedSubmissionId: 'nope' })).toEqual(unknown);
    expect(await refused('start', {})).toEqual(error('thread already has an active or pending turn'));
    const order = error('queue reorder must include every queued submission exactly once');
    expect(await refused('reorder', { queuedSubmissionIds: [] })).toEqual(order);
    expect(await refused('reorder', { queuedSubmissionIds: [a, a] })).toEqual(order);
    expect(await refused('list', { cursor: 'zzz' })).toEqual(
      error('invalid queue pagination cursor: invalid digit found in string'),
    );
  });

  it('holds a hundred and refuses the next, which is not in it then (RQ-3)', async () => {
    const thread = await startResponsesThread([hung]);
    const { peer, threadId } = thread;
    await startTurn(thread, 'slow');
    for (let number = 0; number < 100; number += 1) await add(thread, `m${number}`);
    const params = { threadId, input: text('one more'), clientUserMessageId: 'm100' };
    const reply = await peer.ask('thread/queue/add', params);
    expect(reply).toMatchObject({ error: { code: -32001, data: { retryable: true } } });
    const { data } = await peer.request<{ data: unknown[] }>('thread/queue/list', { threadId, limit: 200 });
    expect(data).toHaveLength(100);
  });
});

describe('a queued submission', () => {
  it('starts a turn at once where nothing runs, and one after the other behind a running turn', async () => {
    const { reply, open } = gated();
    const thread = await startResponsesThread([say('one'), reply, say('two')]);
    const { peer, threadId } = thread;
    await add(thread, 'at once');
    await peer.readTo('turn/completed');
    await startTurn(thread, 'slow');
    await add(thread, 'second');
    await add(thread, 'third');
    peer.drain();
    open();
    await peer.readTo('turn/completed');
    expect((await peer.readTo('turn/started')).map(kindOf)).toContain('thread/queue/changed');
    const events = [...(await peer.readTo('turn/completed')), ...(await peer.readTo('turn/completed'))];
    const users = events.filter((event) => kindOf(event) === 'item/completed').map(paramsOf);
    expect(users).toContainEqual(
      expect.objectContaining({ item: expect.objectContaining({ clientId: 'third' }) }),
    );
    expect(await said(peer, threadId)).toEqual(['at once', 'slow', 'second', 'third']);
    expect(await waiting(peer, threadId)).toEqual([]);
  });

  it('is not held up by a turn that failed', async () => {
    const { reply, open } = gated(wire.failed('bad', 'bad'));
    const thread = await startResponsesThread([reply, say('two')]);
    const { peer, threadId } = thread;
    await startTurn(thread, 'fails');
    await add(thread, 'next');
    open();
    expect(paramsOf((await peer.readTo('turn/completed')).at(-1)).turn).toMatchObject({ status: 'failed' });
    await peer.readTo('turn/completed');
    expect(await said(peer, threadId)).toEqual(['fails', 'next']);
  });

  it('waits after an interrupt until a turn of the user has ended, or until it is started by name', async () => {
    const thread = await startResponsesThread([hung, say('one'), say('two'), say('three')]);
    const { peer, threadId } = thread;
    const turnId = await startTurn(thread, 'slow');
    await add(thread, 'a');
    await peer.request('turn/interrupt', { threadId, turnId });
    await peer.readTo('turn/completed');
    const b = await add(thread, 'b');
    await add(thread, 'c');
    expect(await waiting(peer, threadId)).toEqual(['a', 'b', 'c']);
    const { turn } = await peer.request<{ turn: Turn }>('thread/queue/start', {
      threadId,
      queuedSubmissionId: b,
    });
    expect(turn).toMatchObject({ status: 'inProgress', items: [] });
    for (let ends = 0; ends < 3; ends += 1) await peer.readTo('turn/completed');
    expect(await said(peer, threadId)).toEqual(['slow', 'b', 'a', 'c']);
  });

  it('that is added to an idle thread after an interrupt waits for nothing', async () => {
    const thread = await startResponsesThread([hung, say('one')]);
    const { peer, threadId } = thread;
    const turnId = await startTurn(thread, 'slow');
    await peer.request('turn/interrupt', { threadId, turnId });
    await peer.readTo('turn/completed');
    await add(thread, 'now');
    await peer.readTo('turn/completed');
    expect(await said(peer, threadId)).toEqual(['slow', 'now']);
  });

  it('comes before the goal of the thread', async () => {
    const thread = await startResponsesThread([
      say('one'),
      wire.response(wire.functionCall('update_goal', { status: 'complete' })),
      say('two'),
    ]);
    const { peer, threadId } = thread;
    const turnId = thread.turn('first');
    await add(thread, 'second');
    await peer.request('thread/goal/set', { threadId, objective: 'last' });
    await turnId;
    await peer.readTo('turn/completed');
    expect((await said(peer, threadId)).slice(0, 2)).toEqual(['first', 'second']);
  });
});

describe('the queue of a thread that is loaded again', () => {
  it('is what it was, can be changed before, and waits until somebody asks for a turn (TS-10, SD-6)', async () => {
    const directory = await temporaryDirectory();
    const store = jsonlStore({ directory });
    const thread = await startResponsesThread([hung], { store });
    const { threadId } = thread;
    await startTurn(thread, 'slow');
    await add(thread, 'kept');
    const b = await add(thread, 'taken out');
    await thread.runtime.server.finishShutdown();

    const { peer } = await startResponsesThread([say('on'), say('two')], {
      store: jsonlStore({ directory }),
    });
    expect(await waiting(peer, threadId)).toEqual(['kept', 'taken out']);
    const params = { threadId, queuedSubmissionId: b };
    expect(await peer.request('thread/queue/delete', params)).toEqual({ deleted: true });
    await peer.request('thread/resume', { threadId, excludeTurns: true });
    expect(await waiting(peer, threadId)).toEqual(['kept']);
    await peer.startTurn(threadId, 'go on');
    await peer.readTo('turn/completed');
    await peer.readTo('turn/completed');
    expect(await said(peer, threadId)).toEqual(['slow', 'go on', 'kept']);
    expect(await waiting(peer, threadId)).toEqual([]);
  });
});
