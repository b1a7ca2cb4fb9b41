import type { EventQueue, EventQueueOptions, Permit, Received } from '@millrace/channel';
import { settle } from './channel-checker.js';
import { EventQueueModel } from './event-queue-model.js';
import { InvariantViolation, invariant, invariantEqual } from './invariant.js';
import type { TestEvent } from './test-event.js';

type Options = EventQueueOptions<TestEvent, string>;
type Queue = EventQueue<TestEvent, string>;

interface CheckedWait {
  readonly controller: AbortController;
  /** Slots that are waited for; 0 for room. */
  readonly slots: number;
  /** Events that made room when the wait began; `undefined` when there was room. */
  readonly readsBefore: number | undefined;
  outcome: 'resolved' | 'aborted' | undefined;
}

interface CheckedReceive {
  readonly controller: AbortController;
  actual: readonly Received<TestEvent, string>[] | 'aborted' | undefined;
}

/**
 * Drives an event queue and its model side by side, and compares them after each step.
 *
 * It hooks `tryReceive` of the queue, by which every way of receiving takes what it gives, so that the model takes its
 * part at the same moment. Snapshots carry the number of the step in which they were made.
 */
export class EventQueueChecker {
  readonly #queue: Queue;
  readonly #model: EventQueueModel;
  readonly #options: Options;
  readonly #waits: CheckedWait[] = [];
  readonly #permits: Permit<TestEvent>[] = [];
  #receive: CheckedReceive | undefined;
  /** Found inside a receive that is under way. */
  #violation: InvariantViolation | undefined;
  #taken: Received<TestEvent, string>[] = [];
  #step = 0;

  constructor(options: Options, create: (options: Options) => Queue) {
    this.#options = options;
    this.#model = new EventQueueModel(options);
    this.#queue = create({ ...options, snapshot: this.#snapshot });
    const tryReceive = this.#queue.tryReceive.bind(this.#queue);
    this.#queue.tryReceive = () => {
      const received = tryReceive();
      invariantEqual(received, this.#model.receive(this.#snapshot), 'EV-4', 'what is received');
      if (received !== undefined) this.#taken.push(received);
      return received;
    };
  }

  get isReceiving(): boolean {
    return this.#receive !== undefined;
  }

  get isReadable(): boolean {
    return this.#model.isReadable;
  }

  offer(event: TestEvent): string {
    const result = this.#queue.offer(event, event.delivery);
    invariantEqual(result, this.#model.offer(event), 'EV-1', `offer of ${event.kind}`);
    this.check();
    return result;
  }

  skip(event: TestEvent): void {
    invariantEqual(this.#queue.skip(event), this.#model.skip(event), 'EV-1', 'skip');
    this.check();
  }

  reserve(count: number): void {
    const permits = this.#queue.tryReserveMany(count);
    const result = typeof permits === 'string' ? permits : 'reserved';
    invariantEqual(result, this.#model.reserve(count), 'EV-8', `reserving ${count}`);
    if (typeof permits !== 'string') this.#permits.push(...permits);
    this.check();
  }

  commit(event: TestEvent): void {
    const permit = this.#permits.shift();
    if (permit === undefined) return;
    invariantEqual(permit.send(event), this.#model.commit(event), 'EV-2', 'the answer of a permit');
    this.check();
  }

  release(): void {
    const permit = this.#permits.shift();
    if (permit === undefined) return;
    permit.release();
    permit.release();
    this.#model.release();
    this.check();
  }

  tryReceive(): void {
    this.#queue.tryReceive();
    if (this.#receive === undefined) this.#taken = [];
    this.check();
  }

  startReceive(max: number): void {
    const receive: CheckedReceive = { controller: new AbortController(), actual: undefined };
    this.#receive = receive;
    this.#taken = [];
    this.#queue.receiveBatch(max, receive.controller.signal).then(
      (received) => {
        receive.actual = received;
      },
      (error: unknown) => {
        receive.actual = 'aborted';
        if (error instanceof InvariantViolation) this.#violation = error;
      },
    );
    this.check();
  }

  abortReceive(): void {
    this.#receive?.controller.abort('aborted');
    this.check();
  }

  /** @param slots 0 waits for room. */
  startWait(slots: number): void {
    const controller = new AbortController();
    const readsBefore = this.#model.isFull ? this.#model.countedReads : undefined;
    const wait: CheckedWait = { controller, slots, readsBefore, outcome: undefined };
    this.#waits.push(wait);
    const { signal } = controller;
    (slots === 0 ? this.#queue.whenRoom(signal) : this.#queue.whenSlots(slots, signal)).then(
      () => {
        wait.outcome = 'resolved';
      },
      () => {
        wait.outcome = 'aborted';
      },
    );
    this.check();
  }

  abortWait(index: number): void {
    const pending = this.#waits.filter(({ outcome }) => outcome === undefined);
    pending[index % Math.max(1, pending.length)]?.controller.abort('aborted');
    this.check();
  }

  close(): void {
    this.#model.close();
    this.#queue.close();
    this.check();
  }

  dispose(): void {
    this.#model.dispose();
    this.#queue.dispose();
    this.check();
  }

  /** What must hold in the middle of everything. */
  check(): void {
    this.#step += 1;
    const { stats } = this.#queue;
    const model = this.#model;
    const { delivered, merged, replaced, skipped, discarded, lagged, slotsTaken } = model;
    const queued = model.events.length;
    const sum =
      stats.delivered + stats.merged + stats.replaced + stats.skipped + stats.queued + stats.discarded;
    invariant(stats.emitted === sum, 'EV-1', `${stats.emitted} emitted, ${sum} accounted for`);
    const emitted = delivered + merged + replaced + skipped + queued + discarded;
    const bytes = sizeOf(model.events);
    const expected = {
      emitted,
      delivered,
      merged,
      replaced,
      skipped,
      discarded,
      queued,
      bytes,
      slotsTaken,
      lagged,
    };
    invariantEqual(stats, expected, 'EV-1', 'stats');
    invariantEqual(this.#queue.state, model.state, 'EV-2', 'state');
    this.#checkBounds();
  }

  /** Lets every promise settle, then checks what must hold at rest. */
  async checkAtRest(): Promise<void> {
    await settle();
    if (this.#violation !== undefined) throw this.#violation;
    this.check();
    this.#checkWaits();
    const receive = this.#receive;
    if (receive === undefined) return;
    if (receive.actual === undefined) {
      invariant(!this.#model.isReadable, 'CH-5', 'a receive waits although there is something to read');
      invariant(this.#model.state !== 'done', 'CH-6', 'a receive waits although the queue is done');
      return;
    }
    this.#receive = undefined;
    if (receive.actual === 'aborted') {
      invariantEqual(this.#taken, [], 'CH-7', 'taken by an aborted receive');
      return;
    }
    invariantEqual(receive.actual, this.#taken, 'CH-3', 'the answer of a receive');
    if (receive.actual.length === 0)
      invariantEqual(this.#model.state, 'done', 'CH-6', 'the state at the end');
  }

  /** Ends what is under way, closes and drains: in the end every slot is free and nothing is left. */
  async finish(event: TestEvent): Promise<void> {
    this.close();
    this.abortReceive();
    while (this.#permits.length > 1) this.commit(event);
    await this.checkAtRest();
    while (this.isReadable) this.tryReceive();
    await this.checkAtRest();
    this.commit(event);
    while (this.isReadable) this.tryReceive();
    invariantEqual(this.#queue.slotsTaken, 0, 'EV-8', 'slots taken when idle and drained');
    invariantEqual(this.#queue.state, 'done', 'CH-6', 'the state when closed and drained');
    await this.checkAtRest();
  }

  readonly #snapshot = (group: string, first: TestEvent): string =>
    `${group} ${first.parts} step ${this.#step}`;

  #checkBounds(): void {
    const { capacity, maxBytes, latestCapacity, latestBytes, reservedCapacity } = this.#options;
    const { slotsTaken, size, bytes } = this.#queue;
    invariant(slotsTaken >= 0 && slotsTaken <= reservedCapacity, 'EV-8', `${slotsTaken} slots are taken`);
    invariant(size <= capacity + latestCapacity + reservedCapacity, 'EV-7', `${size} events are queued`);
    invariantEqual(bytes, sizeOf(this.#model.events), 'EV-7', 'bytes');
    checkLane(this.#model.countedEvents(), capacity, maxBytes);
    checkLane(this.#model.latestEvents(), latestCapacity, latestBytes ?? maxBytes);
  }

  #checkWaits(): void {
    const model = this.#model;
    const isOpen = model.state === 'open';
    const firstForSlots = this.#waits.find(({ slots, outcome }) => slots > 0 && outcome === undefined);
    const canReserve = firstForSlots !== undefined && (!isOpen || model.slotsFree >= firstForSlots.slots);
    invariant(!canReserve, 'CH-5', 'a wait for slots sleeps although they are free');
    const lastServed = this.#waits.findLastIndex(({ slots, outcome }) => slots > 0 && outcome === 'resolved');
    const isOvertaken = firstForSlots !== undefined && this.#waits.indexOf(firstForSlots) < lastServed;
    invariant(!isOvertaken, 'CH-5', 'a wait for slots was overtaken by a later one');
    const waitsForRoom = this.#waits.filter(({ slots }) => slots === 0);
    const sleeps = waitsForRoom.some(({ outcome }) => outcome === undefined);
    invariant(!sleeps || (isOpen && model.isFull), 'CH-5', 'a wait for room sleeps although there is some');
    for (const { readsBefore, outcome } of waitsForRoom) {
      const isPremature = outcome === 'resolved' && isOpen && readsBefore === model.countedReads;
      invariant(!isPremature, 'EV-6', 'a wait for room ended before an event was read');
    }
  }
}

function checkLane(events: readonly TestEvent[], capacity: number, maxBytes: number): void {
  invariant(events.length <= capacity, 'EV-7', `${events.length} events where ${capacity} may be`);
  invariant(
    events.length <= 1 || sizeOf(events) <= maxBytes,
    'EV-7',
    `${sizeOf(events)} bytes of ${maxBytes}`,
  );
}

function sizeOf(events: readonly TestEvent[]): number {
  return events.reduce((sum, { size }) => sum + size, 0);
}
