import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf } from './test-peer.js';
import { macrotask, temporaryDirectory } from './test-runtime.js';

const say = (text: string): ResponsesReply => wire.response(wire.message([text], `msg_${text}`));
const failed: ResponsesReply = {
  events: [wire.created(), wire.failed('context_length_exceeded', 'too long')],
};

interface Item {
  readonly type: string;
  readonly role?: string;
  readonly content?: readonly { readonly text: string }[];
}

/** What the model was given in a request: the text of messages, else the kind of item. */
function inputOf({ model }: ResponsesThread, request: number): string[] {
  const { input } = model.requests[request]?.body as { input: readonly Item[] };
  return input.map((item) => item.content?.map((part) => part.text).join('') ?? item.type);
}

async function compact({ peer, threadId }: ResponsesThread) {
  await peer.request('thread/compact/start', { threadId });
  return peer.readTo('turn/completed');
}

describe('thread/compact/start', () => {
  it('is a turn of its own with one item, and shows nothing of the summary', async () => {
    const thread = await startResponsesThread([
      say('ok'),
      wire.response(wire.reasoning('hm'), wire.message(['short'])),
    ]);
    await thread.turn('do it');
    const events = await compact(thread);
    expect(events.map(kindOf)).toEqual([
      'thread/status/changed',
      'turn/started',
      'item/started',
      'thread/tokenUsage/updated',
      'thread/tokenUsage/updated',
      'item/completed',
      'thread/readState/changed',
      'thread/status/changed',
      'turn/completed',
    ]);
    expect(paramsOf(events[5]).item).toMatchObject({ type: 'contextCompaction' });
  });

  it('asks the model without tools, and goes on with the user’s words and the summary', async () => {
    const thread = await startResponsesThread(
      [
        wire.response(wire.functionCall('exec_command', { cmd: 'ls', login: false })),
        say('listed'),
        say('THE SUMMARY'),
        say('ok'),
      ],
      { thread: { sandbox: 'danger-full-access' } },
    );
    await thread.turn('first wish');
    await compact(thread);
    await thread.turn('second wish');
    expect(thread.model.requests[2]?.body).toMatchObject({ tools: [] });
    expect(inputOf(thread, 2).at(-1)).toMatch(/^<context_compaction>/);
    const before = inputOf(thread, 1);
    const after = inputOf(thread, 3);
    expect(before).toContain('function_call');
    expect(after).toHaveLength(6);
    expect(after.slice(1, 4)).toEqual([...before.slice(1, 3), 'first wish']);
    expect(after[4]).toMatch(/^<conversation_summary>[\s\S]*THE SUMMARY\n<\/conversation_summary>$/);
    expect(after[5]).toBe('second wish');
  });

  it('leaves the history as it was when the model fails, or says nothing', async () => {
    const thread = await startResponsesThread([
      say('one'),
      { status: 400, body: 'no' },
      say(' '),
      say('two'),
    ]);
    await thread.turn('first wish');
    const ends = [await compact(thread), await compact(thread)].map((events) => paramsOf(events.at(-1)).turn);
    expect(ends).toMatchObject([
      { status: 'failed', error: { message: 'no' } },
      { status: 'failed', error: { message: 'the model gave no summary of the conversation' } },
    ]);
    await thread.turn('second wish');
    expect(inputOf(thread, 3).slice(3)).toEqual(['first wish', 'one', 'second wish']);
  });

  it('asks for a summary of the newer half where the model cannot be given all', async () => {
    const thread = await startResponsesThread([say('one'), failed, say('SUMMARY')]);
    await thread.turn('first wish');
    const events = await compact(thread);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
    expect(inputOf(thread, 2).slice(0, -1)).toEqual(['first wish', 'one']);
  });

  it('cannot be joined, joins nothing, and loses nothing that was injected meanwhile', async () => {
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: ResponsesReply = { events: [held, wire.created(), ...wire.message(['x']), wire.completed()] };
    const thread = await startResponsesThread([say('one'), slow, say('two')]);
    const { peer, threadId } = thread;
    await thread.turn('go');
    await peer.request('thread/compact/start', { threadId });
    const { turnId } = paramsOf((await peer.readTo('item/started')).at(-1));
    const input = [{ type: 'text', text: 'wait' }];
    const data = { codexErrorInfo: { activeTurnNotSteerable: { turnKind: 'compact' } } };
    const error = { code: -32600, message: 'cannot steer a compact turn', data };
    expect(await peer.ask('turn/start', { threadId, input })).toMatchObject({ error });
    expect(await peer.ask('turn/steer', { threadId, input, expectedTurnId: turnId })).toMatchObject({
      error,
    });
    const items = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'injected' }] }];
    await peer.request('thread/inject_items', { threadId, items });
    answer();
    await peer.readTo('turn/completed');
    await thread.turn('on');
    expect(inputOf(thread, 2).slice(3)).toEqual(['go', expect.stringContaining('x'), 'injected', 'on']);
  });

  it('is interrupted like any turn, and then nothing has changed', async () => {
    const hung: ResponsesReply = { events: [wire.created()], end: 'hang' };
    const thread = await startResponsesThread([say('one'), hung, say('two')]);
    const { peer, threadId } = thread;
    await thread.turn('first wish');
    await peer.request('thread/compact/start', { threadId });
    const { turnId } = paramsOf((await peer.readTo('item/started')).at(-1));
    while (thread.model.requests.length < 2) await macrotask();
    await peer.request('turn/interrupt', { threadId, turnId });
    const events = await peer.readTo('turn/completed');
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'interrupted' });
    await thread.turn('second wish');
    const input = inputOf(thread, thread.model.requests.length - 1);
    expect(input.slice(3, 5)).toEqual(['first wish', 'one']);
    expect(input.at(-1)).toBe('second wish');
  });

  it('interrupts the turn that runs, another compaction too, and nothing comes between their ends and its beginning', async () => {
    const hung: ResponsesReply = { events: [wire.created()], end: 'hang' };
    const thread = await startResponsesThread([say('one'), hung, hung, say('SUMMARY'), say('two')]);
    const { peer, threadId } = thread;
    await thread.turn('first wish');
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text: 'wait' }] });
    await peer.readTo('item/completed');
    for (const turn of ['turn', 'compaction']) {
      while (thread.model.requests.length < (turn === 'turn' ? 2 : 3)) await macrotask();
      await peer.request('thread/compact/start', { threadId });
      const events = (await peer.readTo('turn/started')).map(kindOf);
      expect(events.slice(events.indexOf('turn/completed'))).toEqual([
        'turn/completed',
        'thread/status/changed',
        'turn/started',
      ]);
    }
    const ended = paramsOf((await peer.readTo('turn/completed')).at(-1));
    expect(ended.turn).toMatchObject({ status: 'completed' });
    const { turns } = (
      await peer.request<{ thread: { turns: { status: string }[] } }>('thread/read', {
        threadId,
        includeTurns: true,
      })
    ).thread;
    expect(turns.map(({ status }) => status)).toEqual([
      'completed',
      'interrupted',
      'interrupted',
      'completed',
    ]);
  });

  it('is nothing to do for a thread in which nothing was said', async () => {
    const thread = await startResponsesThread([say('never')]);
    const events = await compact(thread);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
    expect(thread.model.requests).toHaveLength(0);
  });
});

describe('a thread that was compacted', () => {
  it('goes on from the summary after a restart, and so does its fork (TS-10)', async () => {
    const directory = await temporaryDirectory();
    const store = () => jsonlStore({ directory });
    const thread = await startResponsesThread([say('one'), say('SUMMARY'), say('two')], { store: store() });
    await thread.turn('first wish');
    await compact(thread);
    const fork = await thread.peer.request<{ thread: { id: string } }>('thread/fork', {
      threadId: thread.threadId,
    });
    await thread.turn('second wish', { threadId: fork.thread.id });
    await thread.runtime.server.finishShutdown();
    const again = await startResponsesThread([say('three')], { store: store() });
    await again.peer.request('thread/resume', { threadId: thread.threadId });
    await again.turn('second wish', { threadId: thread.threadId });
    const told = ['first wish', expect.stringContaining('SUMMARY'), 'second wish'];
    expect(inputOf(thread, 2).slice(3)).toEqual(told);
    expect(inputOf(again, 0).slice(3)).toEqual(told);
  });
});

describe('a history that grows too long', () => {
  it('is compacted before the next question, inside the turn, once the limit is reached', async () => {
    const config = { model_auto_compact_token_limit: 120 };
    const thread = await startResponsesThread([say('one'), say('SUMMARY'), say('two')], { config });
    await thread.turn('first wish');
    const events = await thread.turn('second wish');
    const items = events
      .filter((event) => kindOf(event) === 'item/completed')
      .map((event) => (paramsOf(event).item as Item).type);
    expect(items).toEqual(['contextCompaction', 'userMessage', 'agentMessage']);
    expect(inputOf(thread, 2).slice(3)).toEqual([
      'first wish',
      expect.stringContaining('SUMMARY'),
      'second wish',
    ]);
  });

  it('is left alone below the limit', async () => {
    const config = { model_auto_compact_token_limit: 121 };
    const thread = await startResponsesThread([say('one'), say('two')], { config });
    await thread.turn('first wish');
    await thread.turn('second wish');
    expect(thread.model.requests).toHaveLength(2);
  });

  it('is compacted when the provider says that it is too long, and the model asked again, once', async () => {
    const thread = await startResponsesThread([
      say('one'),
      failed,
      say('SUMMARY'),
      say('two'),
      failed,
      say('S2'),
      failed,
    ]);
    await thread.turn('first wish');
    const events = await thread.turn('second wish');
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
    expect(inputOf(thread, 3).slice(3)).toEqual([
      'first wish',
      'second wish',
      expect.stringContaining('SUMMARY'),
    ]);
    const third = await thread.turn('third wish');
    expect(paramsOf(third.at(-1)).turn).toMatchObject({
      status: 'failed',
      error: { codexErrorInfo: 'contextWindowExceeded' },
    });
  });

  it('fails at once where there is nothing to leave out', async () => {
    const thread = await startResponsesThread([failed]);
    const events = await thread.turn('a wish as long as a book');
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'failed' });
    expect(thread.model.requests).toHaveLength(1);
  });
});
