import type { ClientEvent } from '@millrace/client';
import {
  newAgentMessage,
  newCommandExecution,
  newTurn,
  type ResyncedMarker,
  type ThreadItem,
} from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { ExecOutput } from './exec-output.js';
import { TurnTranscript } from './turn-transcript.js';

const turn = newTurn({ id: 'turn' });
const inTurn = { threadId: 'thread', turnId: 'turn' };
const message = (id: string, text = ''): ThreadItem => newAgentMessage({ id, text, startedAtMs: 1 });
const command = (id: string): ThreadItem =>
  newCommandExecution({ id, startedAtMs: 1, command: 'ls', cwd: '/', source: 'agent', commandActions: [] });
const done = (item: ThreadItem): ThreadItem => ({ ...item, completedAtMs: 2 });

const started = (item: ThreadItem, turnId = 'turn'): ClientEvent => ({
  type: 'notification',
  method: 'item/started',
  params: { ...inTurn, turnId, item, startedAtMs: 1 },
  emittedAtMs: 1,
});
const completed = (item: ThreadItem): ClientEvent => ({
  type: 'notification',
  method: 'item/completed',
  params: { ...inTurn, item: done(item), contentTokenCount: null, completedAtMs: 2 },
  emittedAtMs: 2,
});
const begun = (id = 'turn'): ClientEvent => ({
  type: 'notification',
  method: 'turn/started',
  params: { threadId: 'thread', turn: { ...turn, id } },
  emittedAtMs: 1,
});
const ended = (items: readonly ThreadItem[] = [], id = 'turn'): ClientEvent => ({
  type: 'notification',
  method: 'turn/completed',
  params: { threadId: 'thread', turn: { ...turn, id, status: 'completed', items: [...items] } },
  emittedAtMs: 3,
});
const lagged: ClientEvent = {
  type: 'lagged',
  skipped: 3,
  byMethod: { 'item/started': 3 },
  threadIds: ['thread'],
};
const resynced = (items: readonly ThreadItem[], id = 'turn'): ClientEvent => ({
  type: 'resynced',
  threadId: 'thread',
  thread: {} as ResyncedMarker['thread'],
  turns: [],
  activeTurn: { ...turn, id, items: [...items], itemsView: 'full' },
});

/** What is shown of events, one word for each call. */
async function shown(events: readonly ClientEvent[]): Promise<readonly string[]> {
  const calls: string[] = [];
  const note = async (call: string): Promise<void> => void calls.push(call);
  const output: ExecOutput = {
    threadStarted: () => note('thread'),
    turnStarted: () => note('turn'),
    itemStarted: ({ id }) => note(`+${id}`),
    messageDelta: (id, delta) => note(`${id}: ${delta}`),
    itemCompleted: ({ id }) => note(`-${id}`),
    planUpdated: () => note('plan'),
    turnError: ({ message }) => note(`error ${message}`),
    warning: (message) => note(`warning ${message}`),
    lagged: (skipped) => note(`lagged ${skipped}`),
    ended: () => note('ended'),
    failed: () => note('failed'),
  };
  const transcript = new TurnTranscript('turn', output);
  for (const event of events) {
    const end = await transcript.take(event);
    if (end !== undefined) calls.push(`${end.turn.status} with ${end.finalMessage}`);
  }
  return calls;
}

describe('TurnTranscript', () => {
  it('shows each item once when it begins and once when it ends', async () => {
    const events = [
      begun(),
      started(command('c')),
      completed(command('c')),
      completed(message('m', 'hi')),
      ended(),
    ];
    expect(await shown(events)).toEqual(['turn', '+c', '-c', '-m', 'completed with hi']);
  });

  it('ignores other turns, their ends included', async () => {
    const events = [
      begun('other'),
      started(command('c'), 'other'),
      ended([], 'other'),
      resynced([command('d')], 'other'),
    ];
    expect(await shown(events)).toEqual([]);
  });

  it('makes up from the snapshot for what a gap hid, and repeats nothing that was seen (EV-4)', async () => {
    const events = [
      begun(),
      started(command('open')),
      lagged,
      resynced([done(command('open')), done(command('whole')), command('begun')]),
      completed(command('begun')),
      completed(command('whole')),
      ended(),
    ];
    expect(await shown(events)).toEqual([
      'turn',
      '+open',
      'lagged 3',
      '-open',
      '-whole',
      '+begun',
      '-begun',
      'completed with undefined',
    ]);
  });

  it('begins the turn where its beginning was skipped', async () => {
    expect(await shown([lagged, resynced([]), ended()])).toEqual([
      'lagged 3',
      'turn',
      'completed with undefined',
    ]);
  });

  it('takes the final message from the end of the turn where its item was skipped', async () => {
    const events = [begun(), ended([done(message('m', 'all of it'))])];
    expect(await shown(events)).toEqual(['turn', '-m', 'completed with all of it']);
  });

  it('shows no delta of a message that is whole already', async () => {
    const delta: ClientEvent = {
      type: 'notification',
      method: 'item/agentMessage/delta',
      params: { ...inTurn, itemId: 'm', delta: 'late' },
      emittedAtMs: 2,
    };
    const early = [begun(), started(message('m')), delta];
    expect(await shown([...early, completed(message('m', 'late'))])).toEqual(['turn', '+m', 'm: late', '-m']);
    expect(await shown([begun(), lagged, resynced([done(message('m', 'late'))]), delta])).toEqual([
      'turn',
      'lagged 3',
      '-m',
    ]);
  });
});
