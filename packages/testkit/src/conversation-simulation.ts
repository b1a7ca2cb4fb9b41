import {
  EventQueue,
  type EventQueueOptions,
  Lagged,
  type Permit,
  type Received,
  Resynced,
} from '@millrace/channel';
import { CONVERSATION_DELIVERY, type ConversationEvent, conversationProfile } from './conversation-event.js';
import { ConversationState } from './conversation-state.js';
import { InvariantViolation, invariant, invariantEqual } from './invariant.js';
import type { SeededRandom } from './seeded-random.js';
import { Turnstile } from './turnstile.js';

type Options = EventQueueOptions<ConversationEvent, ConversationState>;
type Queue = EventQueue<ConversationEvent, ConversationState>;

/** Makes the queue under test; a planted bug makes a broken one. */
export type ConversationQueueFactory = (options: Options) => Queue;

/** The unbroken one. */
export const soundConversationQueue: ConversationQueueFactory = (options) => new EventQueue(options);

/**
 * Conversations that produce events into one small queue, and a consumer that rebuilds their state from what it reads.
 *
 * Producers obey the design: a turn reserves its end, waits when the queue is full, and gives up when its grace is over
 * (here: at random). Once drained, what the consumer has rebuilt equals what the producers know (EV-9); every accepted
 * turn has ended once (EV-2), nothing of it came later (EV-3), and every slot is free (EV-8).
 */
export async function simulateConversations(
  random: SeededRandom,
  create: ConversationQueueFactory = soundConversationQueue,
): Promise<void> {
  await new ConversationSimulation(random, create).run();
}

class ConversationSimulation {
  readonly #random: SeededRandom;
  readonly #turnstile: Turnstile;
  readonly #queue: Queue;
  readonly #produced = new Map<string, ConversationState>();
  readonly #rebuilt = new Map<string, ConversationState>();
  readonly #acceptedTurns: string[] = [];
  readonly #endsRead: string[] = [];
  /** The graces that run: aborting one makes its producer give up. */
  readonly #graces = new Set<AbortController>();
  #producing = 0;
  #isSomethingSkipped = false;
  #nextTurn = 1;

  constructor(random: SeededRandom, create: ConversationQueueFactory) {
    this.#random = random;
    this.#turnstile = new Turnstile(random);
    this.#queue = create({
      profile: conversationProfile,
      capacity: random.int(1, 5),
      maxBytes: random.chance(0.5) ? random.int(4, 12) : 1_000,
      reservedCapacity: random.int(1, 4),
      latestCapacity: random.int(1, 3),
      mergeBytes: random.int(3, 10),
      bestEffortBytes: random.int(3, 8),
      snapshot: (group) => this.#stateOf(this.#produced, group).clone(),
    });
  }

  async run(): Promise<void> {
    const groups = ['a', 'b', 'c'].slice(0, this.#random.int(1, 3));
    const producers = groups.map((group) => () => this.#produce(group));
    this.#producing = producers.length;
    await this.#turnstile.run([...producers, () => this.#consume()], this.#takeStep, this.#reportStuck);
    this.#checkEnd(groups);
  }

  async #produce(group: string): Promise<void> {
    for (let turns = this.#random.int(1, 3); turns > 0; turns -= 1) {
      await this.#turnstile.pass();
      this.#emit({ type: 'status', group, status: this.#random.int(1, 9) });
      const end = this.#queue.tryReserve();
      if (end === 'full') await this.#queue.whenSlots(1);
      else if (end !== 'closed') await this.#runTurn(group, end);
    }
    this.#producing -= 1;
    if (this.#producing === 0) this.#queue.close();
  }

  async #runTurn(group: string, end: Permit<ConversationEvent>): Promise<void> {
    const turn = this.#nextTurn;
    this.#nextTurn += 1;
    this.#acceptedTurns.push(`${turn}`);
    const item = `${turn}`;
    await this.#emitPatiently({ type: 'turnStarted', group, turn });
    for (let steps = this.#random.int(0, 8); steps > 0; steps -= 1) {
      await this.#turnstile.pass();
      const text = this.#random.pick(['x', 'y']).repeat(this.#random.int(1, 2));
      const dice = this.#random.next();
      if (dice < 0.2) this.#emit({ type: 'progress', group, item, text, droppedBytes: 0 });
      else if (dice < 0.4) this.#emit({ type: 'status', group, status: this.#random.int(1, 9) });
      else await this.#emitPatiently({ type: 'delta', group, turn, item, text });
    }
    if (this.#random.chance(0.7)) await this.#emitPatiently({ type: 'itemCompleted', group, turn, item });
    const completed: ConversationEvent = { type: 'turnCompleted', group, turn };
    this.#stateOf(this.#produced, group).apply(completed);
    invariantEqual(end.send(completed), 'sent', 'EV-2', 'the answer of the permit');
  }

  /** Waits while the queue is full, until the grace is over. */
  async #emitPatiently(event: ConversationEvent): Promise<void> {
    while (!this.#emit(event)) {
      const grace = new AbortController();
      this.#graces.add(grace);
      try {
        await this.#queue.whenRoom(grace.signal);
      } catch {
        this.#stateOf(this.#produced, event.group).apply(event);
        this.#queue.skip(event);
        return;
      } finally {
        this.#graces.delete(grace);
      }
    }
  }

  #emit(event: ConversationEvent): boolean {
    const result = this.#queue.offer(event, CONVERSATION_DELIVERY[event.type]);
    if (result === 'full') return false;
    this.#stateOf(this.#produced, event.group).apply(event);
    return true;
  }

  async #consume(): Promise<void> {
    while (!this.#queue.isDone) {
      await this.#turnstile.pass();
      const batch = await this.#queue.receiveBatch(this.#random.int(1, 6));
      batch.forEach((received, index) => {
        this.#read(received, batch[index - 1]);
      });
    }
  }

  #read(received: Received<ConversationEvent, ConversationState>, previous: unknown): void {
    if (received instanceof Lagged) {
      invariant(!(previous instanceof Lagged), 'EV-5', 'two markers side by side');
      const sum = [...received.byKind.values()].reduce((total, count) => total + count, 0);
      invariantEqual(sum, received.skipped, 'EV-5', 'the sum of byKind');
      invariant(received.skipped > 0 && received.isComplete, 'EV-5', 'an empty marker');
      this.#isSomethingSkipped = true;
    } else if (received instanceof Resynced) {
      this.#rebuilt.set(received.group, received.snapshot.clone());
    } else {
      this.#stateOf(this.#rebuilt, received.group).apply(received);
      if (received.type === 'turnCompleted') this.#endsRead.push(`${received.turn}`);
    }
  }

  readonly #takeStep = (): void => {
    if (this.#random.chance(0.05)) this.#expireOneGrace();
    const { emitted, delivered, merged, replaced, skipped, queued, discarded } = this.#queue.stats;
    const sum = delivered + merged + replaced + skipped + queued + discarded;
    invariantEqual(sum, emitted, 'EV-1', 'delivered + merged + replaced + skipped + queued + discarded');
  };

  readonly #reportStuck = (): never => {
    throw new InvariantViolation(
      'CH-5',
      `everybody waits (state ${this.#queue.state}, ${this.#queue.size} queued)`,
    );
  };

  #expireOneGrace(): void {
    const [grace] = this.#graces;
    grace?.abort('the grace is over');
  }

  #checkEnd(groups: readonly string[]): void {
    for (const group of groups) {
      const [produced, rebuilt] = [this.#stateOf(this.#produced, group), this.#stateOf(this.#rebuilt, group)];
      invariantEqual(rebuilt.toComparable(), produced.toComparable(), 'EV-9', `the state of ${group}`);
      const isExact = this.#isSomethingSkipped || rebuilt.progressBytes === produced.progressBytes;
      invariant(isExact, 'EV-1', `${rebuilt.progressBytes} of ${produced.progressBytes} bytes of progress`);
    }
    invariantEqual(this.#endsRead.sort(), this.#acceptedTurns.sort(), 'EV-2', 'the turns that ended');
    invariantEqual(this.#queue.slotsTaken, 0, 'EV-8', 'slots taken in the end');
    invariantEqual(this.#queue.bytes, 0, 'EV-7', 'bytes in the end');
  }

  #stateOf(states: Map<string, ConversationState>, group: string): ConversationState {
    const known = states.get(group) ?? new ConversationState();
    states.set(group, known);
    return known;
  }
}
