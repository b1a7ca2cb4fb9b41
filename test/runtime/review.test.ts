import { cp } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ReviewStartResponse } from '@millrace/protocol';
import type { ViewEntry } from '@millrace/runtime';
import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf } from './test-peer.js';
import { macrotask, temporaryDirectory } from './test-runtime.js';

const say = (text: string): ResponsesReply => wire.response(wire.message([text]));
const HUNG: ResponsesReply = { events: [wire.created()], end: 'hang' };
const FULL = { thread: { sandbox: 'danger-full-access', approvalPolicy: 'never' } };
const CHANGES = { type: 'uncommittedChanges' };
const NO_RESULT = 'Reviewer failed to output a response.';

interface Item {
  readonly type: string;
  readonly review?: string;
  readonly text?: string;
  readonly content?: readonly { readonly text: string }[];
}

interface Question {
  readonly model: string;
  readonly input: readonly Item[];
  readonly tools: readonly { readonly name: string }[];
}

function question({ model }: ResponsesThread, request: number): Question {
  return model.requests[request]?.body as Question;
}

/** What the model was given in a request: the text of messages, else the kind of item. */
function inputOf(thread: ResponsesThread, request: number): string[] {
  return question(thread, request).input.map(
    (item) => item.content?.map((part) => part.text).join('') ?? item.type,
  );
}

function start({ peer, threadId }: ResponsesThread, target: object = CHANGES): Promise<ReviewStartResponse> {
  return peer.request<ReviewStartResponse>('review/start', { threadId, target });
}

async function review(thread: ResponsesThread, target?: object): Promise<ViewEntry[]> {
  await start(thread, target);
  return thread.peer.readTo('turn/completed');
}

function itemsOf(events: readonly ViewEntry[]): Item[] {
  return events
    .filter((event) => kindOf(event) === 'item/completed')
    .map((event) => paramsOf(event).item as Item);
}

const finding = (title: string, body: string) => ({
  title,
  body,
  code_location: { absolute_file_path: '/src/a.ts', line_range: { start: 2, end: 3 } },
});

describe('review/start', () => {
  it('is a turn that tells what is reviewed, what the reviewer does, and what came of it', async () => {
    const answer = {
      findings: [finding('[P1] It breaks', 'Always.\nTry it.'), finding('[P2] It leaks', 'At times.')],
      overall_explanation: 'Not yet.',
    };
    const thread = await startResponsesThread(
      [
        wire.response(wire.functionCall('exec_command', { cmd: 'echo looked', login: false })),
        say(JSON.stringify(answer)),
      ],
      FULL,
    );
    const { turn, reviewThreadId } = await start(thread);
    expect(reviewThreadId).toBe(thread.threadId);
    expect(turn).toMatchObject({
      status: 'inProgress',
      items: [{ type: 'userMessage', id: turn.id, content: [{ type: 'text', text: 'current changes' }] }],
    });
    const events = await thread.peer.readTo('turn/completed');
    expect(events.map(kindOf)).not.toContain('item/agentMessage/delta');
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ id: turn.id, status: 'completed' });
    const report =
      'Not yet.\n\nFull review comments:\n\n- [P1] It breaks — /src/a.ts:2-3\n  Always.\n  Try it.\n\n- [P2] It leaks — /src/a.ts:2-3\n  At times.';
    expect(itemsOf(events)).toMatchObject([
      { type: 'enteredReviewMode', review: 'current changes' },
      { type: 'userMessage' },
      { type: 'commandExecution', status: 'completed' },
      { type: 'exitedReviewMode', review: report },
      { type: 'agentMessage', text: report },
    ]);
  });

  it('gives the reviewer nothing of the conversation and tools to look with, and the conversation the result', async () => {
    const thread = await startResponsesThread(
      [
        say('one'),
        wire.response(wire.functionCall('exec_command', { cmd: 'true', login: false })),
        say('LGTM'),
        say('two'),
      ],
      { ...FULL, config: { review_model: 'keen' } },
    );
    await thread.turn('a secret wish');
    await review(thread, { type: 'commit', sha: '0123456789', title: 'Mend' });
    await thread.turn('and now?');
    expect(question(thread, 1).tools.map(({ name }) => name)).toEqual([
      'exec_command',
      'write_stdin',
      'view_image',
    ]);
    expect(question(thread, 1).model).toBe('keen');
    expect(question(thread, 3).model).toBe('m');
    expect(inputOf(thread, 1)[0]).toMatch(/^You review a change/);
    expect(inputOf(thread, 1).at(-1)).toBe('Review what the commit 0123456789 ("Mend") changes.');
    expect(inputOf(thread, 2).join()).not.toContain('secret');
    expect(inputOf(thread, 2).slice(-2)).toEqual(['function_call', 'function_call_output']);
    expect(inputOf(thread, 3).slice(3)).toEqual([
      'a secret wish',
      'one',
      expect.stringMatching(/^<review>[\s\S]*commit 0123456: Mend[\s\S]*LGTM\n<\/review>$/),
      'LGTM',
      'and now?',
    ]);
  });

  it.each([
    [CHANGES, 'current changes'],
    [{ type: 'baseBranch', branch: ' main ' }, "changes against 'main'"],
    [{ type: 'commit', sha: '0123456789' }, 'commit 0123456'],
    [{ type: 'custom', instructions: ' the tests ' }, 'the tests'],
  ])('names what is reviewed: %o', async (target, name) => {
    const thread = await startResponsesThread([say('fine')]);
    const [entered, told] = itemsOf(await review(thread, target));
    expect(entered).toMatchObject({ type: 'enteredReviewMode', review: name });
    const task = told?.content?.[0]?.text;
    expect(inputOf(thread, 0).at(-1)).toBe(task);
    const list = await thread.peer.request<{ data: readonly { preview: string }[] }>('thread/list', {});
    expect(list.data).toMatchObject([{ preview: task }]);
  });

  it('says so where the reviewer says nothing, or nothing of use', async () => {
    const thread = await startResponsesThread([say(' '), say('{"findings":[]}')]);
    for (let run = 0; run < 2; run++) {
      const events = await review(thread);
      expect(itemsOf(events).at(-2)).toMatchObject({ type: 'exitedReviewMode', review: NO_RESULT });
      expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
    }
  });

  it('is refused in the words of the protocol, and while another turn runs', async () => {
    const thread = await startResponsesThread([HUNG]);
    const { peer, threadId } = thread;
    const refused = async (params: object) =>
      (await peer.ask('review/start', { threadId, target: CHANGES, ...params })) as { error: object };
    const invalid = (message: string) => ({ error: { code: -32600, message } });
    for (const [target, message] of [
      [{ type: 'custom', instructions: ' ' }, 'instructions must not be empty'],
      [{ type: 'commit', sha: '' }, 'sha must not be empty'],
      [{ type: 'baseBranch', branch: '\n' }, 'branch must not be empty'],
      [{ type: 'x' }, expect.stringMatching(/^Invalid request: unknown variant `x`, expected one of/)],
    ])
      expect(await refused({ target })).toMatchObject(invalid(message as string));
    const detached = 'Invalid request: unknown variant `detached`, expected `inline`';
    expect(await refused({ delivery: 'detached' })).toMatchObject(invalid(detached));
    const nobody = '00000000-0000-0000-0000-000000000000';
    expect(await refused({ threadId: nobody })).toMatchObject(invalid(`thread not found: ${nobody}`));
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text: 'go' }] });
    expect(await refused({})).toMatchObject(invalid('another turn is running'));
  });
});

describe('a review that runs', () => {
  it('cannot be joined, and when it is interrupted is over before its turn ends', async () => {
    const thread = await startResponsesThread([HUNG, say('two')]);
    const { peer, threadId } = thread;
    const { turn } = await start(thread);
    while (thread.model.requests.length < 1) await macrotask();
    const input = [{ type: 'text', text: 'wait' }];
    const data = { codexErrorInfo: { activeTurnNotSteerable: { turnKind: 'review' } } };
    const error = { code: -32600, message: 'cannot steer a review turn', data };
    expect(await peer.ask('turn/steer', { threadId, input, expectedTurnId: turn.id })).toMatchObject({
      error,
    });
    expect(await peer.ask('turn/start', { threadId, input })).toMatchObject({ error });
    await peer.request('turn/interrupt', { threadId, turnId: turn.id });
    const events = await peer.readTo('turn/completed');
    expect(itemsOf(events).slice(-2)).toMatchObject([
      { type: 'exitedReviewMode', review: NO_RESULT },
      { type: 'agentMessage' },
    ]);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ id: turn.id, status: 'interrupted' });
    await thread.turn('on');
    expect(inputOf(thread, 1).join()).toContain('It ended before it had a result.');
  });

  it('is over as well when the model fails', async () => {
    const thread = await startResponsesThread([{ status: 400, body: 'no' }]);
    const events = await review(thread);
    expect(itemsOf(events).map(({ type }) => type)).toEqual([
      'enteredReviewMode',
      'userMessage',
      'exitedReviewMode',
      'agentMessage',
    ]);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'failed', error: { message: 'no' } });
  });

  it('fills the window of the reviewer and not that of the thread', async () => {
    const tooLong: ResponsesReply = {
      events: [wire.created(), wire.failed('context_length_exceeded', 'too long')],
    };
    const thread = await startResponsesThread([say('one'), tooLong, say('two')]);
    await thread.turn('first wish');
    const events = await review(thread);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({
      status: 'failed',
      error: { message: 'the change is too large to be reviewed at once' },
    });
    const usage = events.filter((event) => kindOf(event) === 'thread/tokenUsage/updated').map(paramsOf);
    const { last } = usage.at(-1)?.tokenUsage as { last: { totalTokens: number } };
    expect(last.totalTokens).toBeLessThan(10_000);
    await thread.turn('on');
    expect(inputOf(thread, 2).slice(3, 5)).toEqual(['first wish', 'one']);
    expect(inputOf(thread, 2).at(-1)).toBe('on');
  });

  it('leaves a thread that can go on when the server dies in the middle of it (TS-2, SD-8)', async () => {
    const [directory, remains] = [await temporaryDirectory(), await temporaryDirectory()];
    const call = wire.response(wire.functionCall('exec_command', { cmd: 'true', login: false }));
    const store = jsonlStore({ directory });
    const thread = await startResponsesThread([say('one'), call, HUNG], { store, ...FULL });
    const { threadId } = thread;
    await thread.turn('first wish');
    await start(thread);
    while (thread.model.requests.length < 3) await macrotask();
    const filter = (path: string) => ['', '.jsonl'].includes(extname(path));
    await cp(directory, remains, { recursive: true, filter });
    const again = await startResponsesThread([say('two')], { store: jsonlStore({ directory: remains }) });
    await again.peer.request('thread/resume', { threadId });
    const events = await again.turn('second wish', { threadId });
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ status: 'completed' });
    const told = inputOf(again, 0).slice(3);
    expect(told.slice(0, 2)).toEqual(['first wish', 'one']);
    expect(told.at(-1)).toBe('second wish');
    expect(told).not.toContain('function_call');
  });
});
