import type { ThreadGoal } from '@millrace/protocol';
import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const UNKNOWN = '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c';
const say = (text: string): ResponsesReply => wire.response(wire.message([text], `msg_${text}`));
const call = (name: string, parameters: unknown): ResponsesReply =>
  wire.response(wire.functionCall(name, parameters));
const held: ResponsesReply = { events: [wire.created()], end: 'hang' };

interface Goal {
  readonly goal: ThreadGoal | null;
}

function startGoalThread(...replies: readonly ResponsesReply[]): Promise<ResponsesThread> {
  return startResponsesThread(replies, {
    thread: { approvalPolicy: 'never', sandbox: 'danger-full-access' },
  });
}

async function set({ peer, threadId }: ResponsesThread, change: object): Promise<ThreadGoal> {
  const { goal } = await peer.request<{ goal: ThreadGoal }>('thread/goal/set', { threadId, ...change });
  return goal;
}

async function get({ peer, threadId }: ResponsesThread): Promise<ThreadGoal | null> {
  return (await peer.request<Goal>('thread/goal/get', { threadId })).goal;
}

/** The statuses that the ends of the next turns carry. */
async function ends({ peer }: ResponsesThread, count: number): Promise<unknown[]> {
  const statuses: unknown[] = [];
  while (statuses.length < count) {
    const { turn } = paramsOf((await peer.readTo('turn/completed')).at(-1));
    statuses.push((turn as { status: unknown }).status);
  }
  return statuses;
}

/** What the model was given in a request, as text. */
function inputOf({ model }: ResponsesThread, request: number): string {
  return JSON.stringify((model.requests[request]?.body as { input: unknown }).input);
}

/** The kinds of what comes of a turn, without what only streams. */
function outline(events: Awaited<ReturnType<TestPeer['readTo']>>): string[] {
  return events.map(kindOf).filter((kind) => !kind.startsWith('item/') && kind !== 'warning');
}

describe('thread/goal/set', () => {
  it('refuses what makes no goal, in the words of the reference server', async () => {
    const { peer, threadId } = await startGoalThread(say('never'));
    const refused = async (params: object): Promise<unknown> =>
      Object.entries(await peer.ask('thread/goal/set', { threadId, ...params })).at(-1);
    const error = (message: string): unknown => ['error', { code: -32600, message }];
    const noGoal = error(`cannot update goal for thread ${threadId}: no goal exists`);
    expect(await refused({})).toEqual(noGoal);
    expect(await refused({ status: 'paused' })).toEqual(noGoal);
    expect(await refused({ objective: '  ' })).toEqual(error('goal objective must not be empty'));
    expect(await refused({ objective: 'y'.repeat(4_001) })).toEqual(
      error('goal objective must be at most 4000 characters'),
    );
    expect(await refused({ objective: 'x', tokenBudget: 0 })).toEqual(
      error('goal budgets must be positive when provided'),
    );
    expect(await refused({ threadId: UNKNOWN, objective: 'x' })).toEqual(
      error(`thread not found: ${UNKNOWN}`),
    );
    expect(await peer.request('thread/goal/get', { threadId })).toEqual({ goal: null });
    expect(await peer.request('thread/goal/clear', { threadId })).toEqual({ cleared: false });
  });

  it('is refused for an ephemeral thread, which has nowhere to keep it', async () => {
    const { peer } = await startGoalThread(say('never'));
    const threadId = await peer.startThread({ model: 'm', ephemeral: true });
    expect(await peer.ask('thread/goal/set', { threadId, objective: 'x' })).toMatchObject({
      error: { code: -32600, message: `ephemeral thread does not support goals: ${threadId}` },
    });
  });

  it('changes what it names and leaves the rest; an objective after a complete goal begins a new one', async () => {
    const thread = await startGoalThread(say('never'));
    const goal = await set(thread, { objective: 'one', status: 'paused', tokenBudget: 9 });
    expect(goal).toMatchObject({ objective: 'one', status: 'paused', tokenBudget: 9, tokensUsed: 0 });
    expect(await set(thread, { objective: 'two' })).toEqual({ ...goal, objective: 'two' });
    expect(await set(thread, { tokenBudget: null })).toMatchObject({ objective: 'two', tokenBudget: null });
    await set(thread, { status: 'complete', tokenBudget: 5 });
    const next = await set(thread, { objective: 'three', status: 'paused' });
    expect(next).toMatchObject({ objective: 'three', tokenBudget: null });
    expect(thread.model.requests).toHaveLength(0);
  });
});

describe('a goal', () => {
  it('is pursued turn by turn until the model says that it is reached, and only then there is something to read', async () => {
    const thread = await startGoalThread(
      say('some'),
      call('get_goal', {}),
      call('update_goal', { status: 'complete' }),
      say('all'),
    );
    const { peer } = thread;
    await set(thread, { objective: 'make it green', tokenBudget: 10_000 });
    expect(outline(await peer.readTo('turn/completed'))).toEqual([
      'thread/goal/updated',
      'thread/status/changed',
      'turn/started',
      'thread/goal/updated',
      'thread/tokenUsage/updated',
      'thread/status/changed',
      'turn/completed',
    ]);
    const last = await peer.readTo('turn/completed');
    expect(outline(last)).toContain('thread/readState/changed');
    expect(await get(thread)).toMatchObject({ status: 'complete', tokensUsed: 3 * 80 });
    expect(inputOf(thread, 0)).toMatch(/<goal>.*make it green/);
    expect(inputOf(thread, 2)).toMatch(/remainingTokens[^}]*:9920/);
    expect(thread.model.requests).toHaveLength(4);
  });

  it('stops when its tokens are used up, and is not active again before it may use more', async () => {
    const thread = await startGoalThread(say('a'), say('b'), say('c'), held);
    await set(thread, { objective: 'bounded', tokenBudget: 200 });
    expect(await ends(thread, 3)).toEqual(['completed', 'completed', 'completed']);
    expect(await get(thread)).toMatchObject({ status: 'budgetLimited', tokensUsed: 240 });
    expect(await set(thread, { status: 'active' })).toMatchObject({ status: 'budgetLimited' });
    expect(thread.model.requests).toHaveLength(3);
    expect(await set(thread, { status: 'active', tokenBudget: 1_000 })).toMatchObject({ status: 'active' });
    await thread.peer.readTo('turn/started');
  });

  it('is blocked by a turn that fails', async () => {
    const thread = await startGoalThread({ status: 400, body: 'bad' });
    await set(thread, { objective: 'fails' });
    expect(await ends(thread, 1)).toEqual(['failed']);
    expect(await get(thread)).toMatchObject({ status: 'blocked' });
    expect(thread.model.requests).toHaveLength(1);
  });

  it('rests after an interrupt, and goes on when a client resumes the thread', async () => {
    const thread = await startGoalThread(held);
    const { peer, threadId } = thread;
    await set(thread, { objective: 'long' });
    const { turn } = paramsOf((await peer.readTo('turn/started')).at(-1));
    await peer.request('turn/interrupt', { threadId, turnId: (turn as { id: string }).id });
    expect(await ends(thread, 1)).toEqual(['interrupted']);
    expect(await get(thread)).toMatchObject({ status: 'active' });
    expect(peer.drain()).toEqual([]);
    await peer.request('thread/resume', { threadId, excludeTurns: true });
    const told = (await peer.readTo('turn/started')).map(kindOf);
    expect(told).toEqual(['thread/goal/updated', 'thread/status/changed', 'turn/started']);
  });

  it('is paused after fifty turns in a row that nobody asked for', async () => {
    const thread = await startGoalThread(say('round'));
    await set(thread, { objective: 'nowhere' });
    expect(await ends(thread, 50)).toEqual(Array(50).fill('completed'));
    expect(await get(thread)).toMatchObject({ status: 'paused', tokensUsed: 50 * 80 });
    expect(thread.model.requests).toHaveLength(50);
  });

  it('is paused after them too where the model reaches one goal after the other and makes the next', async () => {
    const thread = await startGoalThread(
      ...Array.from({ length: 50 }, () => [
        call('update_goal', { status: 'complete' }),
        call('create_goal', { objective: 'and another' }),
        say('next'),
      ]).flat(),
    );
    await set(thread, { objective: 'for ever' });
    expect(await ends(thread, 50)).toEqual(Array(50).fill('completed'));
    expect(await get(thread)).toMatchObject({ status: 'paused', objective: 'and another' });
  });

  it('lets the user join the turn that it began', async () => {
    let answer = (): void => {};
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const thread = await startGoalThread(
      { events: [wire.created(), ...wire.message(['x']), gate, wire.completed()] },
      call('update_goal', { status: 'paused' }),
      say('as you say'),
    );
    const { peer, threadId } = thread;
    await set(thread, { objective: 'long' });
    await peer.readTo('item/agentMessage/delta');
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text: 'stop it' }] });
    answer();
    expect(await ends(thread, 1)).toEqual(['completed']);
    expect(inputOf(thread, 1)).toContain('stop it');
    expect(await get(thread)).toMatchObject({ status: 'paused' });
  });

  it('is made by the model where the user asks for one, once, and cleared by a client', async () => {
    const thread = await startGoalThread(
      call('create_goal', { objective: 'by model', token_budget: 5_000 }),
      call('create_goal', { objective: 'again' }),
      call('update_goal', { status: 'bogus' }),
      call('update_goal', { status: 'blocked' }),
      say('stuck'),
    );
    await thread.turn('work on it for as long as it takes');
    expect(await get(thread)).toMatchObject({ objective: 'by model', status: 'blocked', tokenBudget: 5_000 });
    expect(inputOf(thread, 2)).toContain(
      'cannot create a new goal because this thread has an unfinished goal',
    );
    expect(inputOf(thread, 3)).toContain('unknown variant `bogus`');
    const { peer, threadId } = thread;
    expect(await peer.request('thread/goal/clear', { threadId })).toEqual({ cleared: true });
    expect(peer.drain().map(kindOf)).toEqual(['thread/goal/cleared']);
    expect(await get(thread)).toBeNull();
  });
});

describe('the goal of a thread that is loaded again', () => {
  it('is what it was, is told to who resumes, and goes on (TS-10)', async () => {
    const directory = await temporaryDirectory();
    const first = await startTestRuntime({ store: jsonlStore({ directory }) });
    const before = await TestPeer.connect(first.server);
    const threadId = await before.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
    const params = { threadId, objective: 'outlives a process', status: 'paused', tokenBudget: 500 };
    const { goal } = await before.request<Goal>('thread/goal/set', params);
    await first.server.finishShutdown();

    const second = await startTestRuntime({ store: jsonlStore({ directory }) });
    const peer = await TestPeer.connect(second.server);
    await peer.request('thread/resume', { threadId });
    const told = (await peer.readTo('thread/goal/updated')).at(-1);
    expect(paramsOf(told)).toEqual({ threadId, turnId: null, goal });
    await peer.request('thread/goal/set', { threadId, status: 'active' });
    await peer.readTo('turn/started');
  });

  it('does not belong to its forks', async () => {
    const thread = await startGoalThread(say('one'));
    const { peer, threadId } = thread;
    await thread.turn('hi');
    await set(thread, { objective: 'mine', status: 'paused' });
    const { thread: fork } = await peer.request<{ thread: { id: string } }>('thread/fork', { threadId });
    expect(await peer.request('thread/goal/get', { threadId: fork.id })).toEqual({ goal: null });
  });
});

describe('a shutdown', () => {
  it('ends the turn of a goal like any other, in no time of the clock, and begins no more (SD-1, SD-4)', async () => {
    const thread = await startGoalThread(say('a'), held);
    await set(thread, { objective: 'for ever' });
    await ends(thread, 1);
    await thread.peer.readTo('turn/started');
    await thread.runtime.server.finishShutdown();
    expect(await ends(thread, 1)).toEqual(['interrupted']);
    expect(thread.peer.drain().map(kindOf)).not.toContain('turn/started');
  });
});
