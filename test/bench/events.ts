import type { Client } from '@millrace/client';
import { CLIENT_INFO, withClient } from './bench-client.js';
import { BATCH, commandModel, DELTA, deltaModel } from './bench-model.js';
import { runEmitter } from './emitter-rival.js';
import { floodRunner } from './flood-runner.js';
import { atLeast, type Measurement } from './measurement.js';
import { median } from './quantile.js';

/** Events of one run: long enough that starting and ending the turn does not count. */
const EVENTS = BATCH * 4_000;
const ROUNDS = 5;

/** Goal 4: events to a client that reads, while another subscriber of the same thread does not. */
export async function measureEvents(): Promise<Measurement[]> {
  const lossless: number[] = [];
  const bestEffort: number[] = [];
  const emitter: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const text = await withClient({ model: deltaModel(EVENTS) }, (client) =>
      besideStalled(client, 'item/agentMessage/delta'),
    );
    const output = await withClient({ model: commandModel(), processes: floodRunner(EVENTS) }, (client) =>
      besideStalled(client, 'item/commandExecution/outputDelta'),
    );
    const rival = await runEmitter(EVENTS);
    if (round === 0) continue; // Warms up.
    lossless.push(text);
    bestEffort.push(output);
    emitter.push(rival.eventsPerSecond);
  }
  const [own, output, rival] = [median(lossless), median(bestEffort), median(emitter)];
  const ratio = median(lossless.map((rate, round) => rate / (emitter[round] ?? Number.NaN))); // Of neighbours in time.
  return [
    {
      goal: 4,
      what: 'text deltas to a fast client beside a stalled one',
      value: own,
      unit: 'events/s',
      target: atLeast(2_000_000),
    },
    {
      goal: 4,
      what: 'command output to a fast client beside a stalled one',
      value: output,
      unit: 'events/s',
    },
    { goal: 4, what: 'eventemitter3, one consumer reads and one does not', value: rival, unit: 'events/s' },
    {
      goal: 4,
      what: 'text deltas: more than eventemitter3 by',
      value: ratio,
      unit: 'x',
      target: atLeast(1.5),
    },
  ];
}

/**
 * Events per second that the fast client got, from the first to the last of that method.
 *
 * @throws when the fast client missed anything.
 */
async function besideStalled(client: Client, method: string): Promise<number> {
  const { thread } = await client.request('thread/start', { sandbox: 'danger-full-access', ephemeral: true });
  const stalled = await client.connect({ clientInfo: CLIENT_INFO });
  await stalled.request('thread/resume', { threadId: thread.id });
  stalled.events(); // Opened and never read.
  await client.request('turn/start', { threadId: thread.id, input: [{ type: 'text', text: 'go' }] });
  let events = 0;
  let characters = 0;
  let firstAt = 0;
  let lastAt = 0;
  for await (const event of client.events()) {
    if (event.type === 'lagged') throw new Error(`the fast client missed ${event.skipped} events`);
    if (event.type !== 'notification') continue;
    if (event.method === method) {
      if (events++ === 0) firstAt = performance.now();
      characters += (event.params as { readonly delta: string }).delta.length;
    } else if (event.method === 'item/completed') lastAt = performance.now();
    else if (event.method === 'turn/completed') break;
  }
  if (method === 'item/agentMessage/delta' && characters !== EVENTS * DELTA.length) {
    throw new Error(`the fast client got ${characters} characters instead of ${EVENTS * DELTA.length}`);
  }
  return (events / (lastAt - firstAt)) * 1_000;
}
