import { Channel, type EventProfile, EventQueue } from '@millrace/channel';

/** One figure of a benchmark. */
export interface ChannelFigure {
  readonly name: string;
  /** Nanoseconds, the best of several rounds. */
  readonly nsPerMessage: number;
}

interface BenchEvent {
  readonly kind: string;
  readonly group: string;
  readonly item: string;
  readonly size: number;
}

const MESSAGES = 1_000_000;
const CAPACITY = 128;
const ROUNDS = 5;

const profile: EventProfile<BenchEvent> = {
  sizeOf: (event) => event.size,
  groupOf: (event) => event.group,
  kindOf: (event) => event.kind,
  latestKeyOf: (event) => event.group,
  mergeKeyOf: (event) => event.item,
  merge: () => undefined,
};

const event: BenchEvent = { kind: 'delta', group: 'thread', item: 'item', size: 10 };

/** What a message costs on its way through the queues, on one core. Goals: batches 30 ns, `for await` 75 ns. */
export async function benchChannel(): Promise<ChannelFigure[]> {
  return [
    { name: 'channel: trySend and tryReceiveBatch', nsPerMessage: await best(sendInBatches) },
    { name: 'channel: receiveBatch against a sender that waits', nsPerMessage: await best(receiveBatches) },
    { name: 'channel: for await', nsPerMessage: await best(iterate) },
    { name: 'channel: for await against a sender that waits', nsPerMessage: await best(iterateAgainstWaits) },
    { name: 'event queue: offer and tryReceive', nsPerMessage: await best(offerAndDrain) },
    { name: 'event queue: offer to a consumer that never reads', nsPerMessage: await best(offerToNobody) },
  ];
}

async function best(run: () => Promise<void>): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    await run();
    bestMs = Math.min(bestMs, performance.now() - startMs);
  }
  return (bestMs * 1e6) / MESSAGES;
}

async function sendInBatches(): Promise<void> {
  const channel = new Channel<BenchEvent>({ capacity: CAPACITY });
  for (let sent = 0; sent < MESSAGES; ) {
    while (sent < MESSAGES && channel.trySend(event) === 'sent') sent += 1;
    channel.tryReceiveBatch(CAPACITY);
  }
}

async function receiveBatches(): Promise<void> {
  const channel = new Channel<BenchEvent>({ capacity: CAPACITY });
  const sending = sendAll(channel);
  while ((await channel.receiveBatch(CAPACITY)).length > 0);
  await sending;
}

async function iterate(): Promise<void> {
  const channel = new Channel<BenchEvent>({ capacity: CAPACITY });
  let left = MESSAGES;
  const refill = (): void => {
    while (left > 0 && channel.trySend(event) === 'sent') left -= 1;
    if (left === 0) channel.close();
  };
  refill();
  for await (const _received of channel) {
    if (channel.size === 0) refill();
  }
}

async function iterateAgainstWaits(): Promise<void> {
  const channel = new Channel<BenchEvent>({ capacity: CAPACITY });
  const sending = sendAll(channel);
  for await (const _received of channel);
  await sending;
}

async function sendAll(channel: Channel<BenchEvent>): Promise<void> {
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    if (channel.trySend(event) !== 'sent') await channel.send(event);
  }
  channel.close();
}

async function offerAndDrain(): Promise<void> {
  const queue = createQueue();
  for (let sent = 0; sent < MESSAGES; ) {
    while (sent < MESSAGES && queue.offer(event, 'lossless') === 'sent') sent += 1;
    while (queue.tryReceive() !== undefined);
  }
}

async function offerToNobody(): Promise<void> {
  const queue = createQueue();
  for (let sent = 0; sent < MESSAGES; sent += 1) queue.offer(event, 'bestEffort');
}

function createQueue(): EventQueue<BenchEvent> {
  return new EventQueue({
    profile,
    capacity: CAPACITY,
    maxBytes: 1_000_000,
    reservedCapacity: 8,
    latestCapacity: 8,
    mergeBytes: 10_000,
    bestEffortBytes: 10_000,
  });
}
