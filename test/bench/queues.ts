import { Channel } from '@millrace/channel';
import { atMost, type Measurement } from './measurement.js';
import { median } from './quantile.js';

const CAPACITY = 128;
const MESSAGES = CAPACITY * 20_000;
const ROUNDS = 5;

/** Goal 3: what a bounded channel costs a message. */
export async function measureQueues(): Promise<Measurement[]> {
  const batch: number[] = [];
  const iterated: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [byBatch, byIteration] = [await receiveInBatches(), await iterate()];
    if (round === 0) continue;
    batch.push(byBatch);
    iterated.push(byIteration);
  }
  return [
    {
      goal: 3,
      what: 'channel, trySend and receiveBatch',
      value: median(batch),
      unit: 'ns/message',
      target: atMost(30),
    },
    {
      goal: 3,
      what: 'channel, trySend and for await',
      value: median(iterated),
      unit: 'ns/message',
      target: atMost(75),
    },
  ];
}

async function receiveInBatches(): Promise<number> {
  const channel = new Channel<number>({ capacity: CAPACITY });
  const start = performance.now();
  let received = 0;
  for (let sent = 0; sent < MESSAGES; ) {
    for (let index = 0; index < CAPACITY; index++) channel.trySend(sent++);
    received += (await channel.receiveBatch(CAPACITY)).length;
  }
  return nsPerMessage(start, received);
}

async function iterate(): Promise<number> {
  const channel = new Channel<number>({ capacity: CAPACITY });
  const start = performance.now();
  let sent = 0;
  let received = 0;
  const refill = (): void => {
    for (let index = 0; index < CAPACITY; index++) channel.trySend(sent++);
  };
  refill();
  for await (const _ of channel) {
    received += 1;
    if (received === MESSAGES) break;
    if (channel.size === 0) refill();
  }
  return nsPerMessage(start, received);
}

function nsPerMessage(start: number, messages: number): number {
  if (messages !== MESSAGES) throw new Error(`${messages} of ${MESSAGES} messages arrived`);
  return ((performance.now() - start) / messages) * 1e6;
}
