import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, ClientEvent } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { EventTally } from './event-tally.js';
import { ViewSignals } from './view-signals.js';

/** Events that may wait in each view: few, so that something happens. */
export const CHANNEL_CAPACITY = 32;

const CLIENT_INFO = { name: 'backpressure_example', title: 'Backpressure example', version: '0.1.0' };
/** Much output, then 20,000 deltas; and once more a few. */
const PROMPTS = [
  'run for part in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.05; seq 1 8000; done\nplan Open the gate; Grind\nstream 20000',
  'stream 2000',
];
/** Turns of another thread, whose status everybody is told. */
const OTHER_TURNS = 5;

export interface ScenarioResult {
  readonly turnIds: readonly string[];
  readonly fast: { readonly tally: EventTally; readonly signals: ViewSignals };
  readonly stalled: { readonly tally: EventTally; readonly signals: ViewSignals };
  /** Questions that the stalled consumer asked before it read anything, and the answers to them. */
  readonly asked: number;
  readonly answered: number;
}

/**
 * Two connections listen to one thread. The fast one starts two turns and reads everything; the stalled one asks for the list of
 * threads now and then, and reads no event before both turns have ended. Between them another thread has turns of its own.
 */
export async function runScenario(): Promise<ScenarioResult> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-backpressure-'));
  const client = await startInProcess({
    clientInfo: CLIENT_INFO,
    home,
    cwd: home,
    model: scriptedModel(),
    channelCapacity: CHANNEL_CAPACITY,
  });
  try {
    const { thread } = await client.request('thread/start', {
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
    });
    return await observe(client, thread.id);
  } finally {
    await client.shutdown();
    await rm(home, { recursive: true, force: true });
  }
}

async function observe(client: Client, threadId: string): Promise<ScenarioResult> {
  const { diagnostics } = client;
  if (diagnostics === undefined) throw new Error('a runtime in this process has diagnostics');
  const fast = { tally: new EventTally(), signals: new ViewSignals(diagnostics, 0) };
  const slow = { tally: new EventTally(), signals: new ViewSignals(diagnostics, 1) };
  const other = await client.request('thread/start', {});
  const fastEvents = client.events();
  await readUntil(fastEvents, (event) => isStartOf(event, other.thread.id));
  const stalled = await client.connect({ clientInfo: CLIENT_INFO });
  await stalled.request('thread/resume', { threadId });
  const stalledEvents = stalled.events(); // Opened, and not read until the end.

  const turnIds: string[] = [];
  let answered = 0;
  for (const text of PROMPTS) {
    const { turn } = await client.request('turn/start', { threadId, input: [{ type: 'text', text }] });
    turnIds.push(turn.id);
    await readUntil(fastEvents, (event) => {
      fast.tally.add(event);
      return isEndOf(event, turn.id);
    });
    const { data } = await stalled.request('thread/loaded/list');
    if (data.includes(threadId)) answered += 1;
    if (turnIds.length === 1) await runOtherTurns(client, other.thread.id);
  }
  await readUntil(stalledEvents, (event) => {
    slow.tally.add(event);
    return isEndOf(event, turnIds.at(-1) ?? '');
  });
  return { turnIds, fast, stalled: slow, asked: PROMPTS.length, answered };
}

/** Each in a view of its own, which nobody reads; it ends all the same. */
async function runOtherTurns(client: Client, threadId: string): Promise<void> {
  for (let turn = 0; turn < OTHER_TURNS; turn++) {
    await client.runTurn({ threadId, input: [{ type: 'text', text: 'say Meanwhile, elsewhere.' }] })
      .completed;
  }
}

/** Reads on until `isLast` says so; the stream stays open for the next call. */
async function readUntil(
  events: AsyncIterator<ClientEvent, undefined>,
  isLast: (event: ClientEvent) => boolean,
): Promise<void> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (isLast(next.value)) return;
  }
  throw new Error('the events ended before the turn did');
}

function isEndOf(event: ClientEvent, turnId: string): boolean {
  return (
    event.type === 'notification' && event.method === 'turn/completed' && event.params.turn.id === turnId
  );
}

function isStartOf(event: ClientEvent, threadId: string): boolean {
  return (
    event.type === 'notification' && event.method === 'thread/started' && event.params.thread.id === threadId
  );
}
