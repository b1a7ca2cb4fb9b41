import { createDeferred, type Deferred, Lagged, Resynced } from '@millrace/channel';
import type { ModelClient, ModelEvent, ThreadStore } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import type { AgentMessageItem, Turn } from '@millrace/protocol';
import { type Server, startRuntime, type ViewEntry } from '@millrace/runtime';
import { memoryStore, noGuidance } from '@millrace/store';
import { invariant, invariantEqual, type SeededRandom, VirtualClock } from '@millrace/testkit';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from '../runtime/test-peer.js';
import { macrotask } from '../runtime/test-runtime.js';

/** The steps of a turn, each of which waits until it is let go: four of the model, then the disk. */
export const TURN_STEPS = 5;
const TEXT = 'one two';
/** Longer than everything between a message to the server and its answer takes in microtasks. */
const MICROTASKS = 40;

/** How the peers of a race met the turn. */
export interface RaceCoverage {
  /** Resumed before the first step, in the middle, and after the end. */
  readonly started: number;
  readonly halfway: number;
  readonly ended: number;
  readonly lagged: number;
}

interface Joiner {
  readonly peer: TestPeer;
  /** What the peer had read when its answer came. */
  readonly before: ViewEntry[];
  readonly after: ViewEntry[];
  readonly reads: 'atOnce' | 'late';
  snapshot: Turn | undefined;
}

/**
 * One turn whose every step is let go by hand, and two clients that resume its thread meanwhile.
 *
 * Whatever happens in the turn must be either in a client's answer or in an event after it, and in one of them only (EV-9): above all
 * the end (EV-2).
 */
export class ResumeRace {
  readonly #server: Server;
  readonly #owner: TestPeer;
  readonly #gates: Gates;
  #threadId = '';

  private constructor(server: Server, owner: TestPeer, gates: Gates) {
    this.#server = server;
    this.#owner = owner;
    this.#gates = gates;
  }

  static async start(): Promise<ResumeRace> {
    const gates = new Gates();
    const server = await startRuntime({
      home: '/nowhere',
      cwd: '/',
      environment: {},
      clock: new VirtualClock(),
      processes: new ScriptedProcesses(),
      store: gatedStore(gates),
      model: gatedModel(gates),
      guidance: noGuidance,
    });
    return new ResumeRace(server, await TestPeer.connect(server), gates);
  }

  get threadId(): string {
    return this.#threadId;
  }

  async close(): Promise<void> {
    await this.#server.finishShutdown();
  }

  /**
   * Runs one turn in one order.
   *
   * @param order 0 lets the next step of the turn go, 1 and 2 let that client resume.
   * @param random Says how much time passes after each step, how large the views are and when they are read.
   */
  async run(order: readonly number[], random: SeededRandom): Promise<RaceCoverage> {
    this.#gates.close(TURN_STEPS);
    this.#threadId = await this.#owner.startThread({
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
    });
    const joiners = [await this.#join(random), await this.#join(random)] as const;
    const turnId = await this.#owner.startTurn(this.#threadId, 'go');
    await macrotask();
    for (const actor of order) {
      const joiner = joiners[actor - 1];
      if (joiner === undefined) this.#gates.openNext();
      else void joiner.peer.ask('thread/resume', { threadId: this.#threadId });
      // The turn lets others run after each of its steps, a resume is answered in one go.
      if (actor === 0 && random.chance(0.8)) for (let ticks = 0; ticks < 3; ticks += 1) await macrotask();
      for (let ticks = random.int(0, MICROTASKS); ticks > 0; ticks -= 1) await undefined;
      for (const { reads, peer, after, snapshot } of joiners)
        if (reads === 'atOnce' && snapshot !== undefined) after.push(...peer.drain());
    }
    for (let ticks = 0; ticks < 5; ticks += 1) await macrotask();
    for (const { peer, after } of joiners) after.push(...peer.drain());
    const coverage = joiners.map((joiner) => check(joiner, turnId));
    for (const { peer } of joiners) peer.leave();
    this.#owner.drain();
    await this.#owner.request('thread/unsubscribe', { threadId: this.#threadId });
    return coverage.reduce(add);
  }

  async #join(random: SeededRandom): Promise<Joiner> {
    let joiner: Joiner | undefined;
    const peer = await TestPeer.connect(this.#server, {
      channelCapacity: random.pick([1, 128]),
      onReply: (reply) => {
        if (joiner === undefined || !('result' in reply)) return;
        joiner.before.push(...peer.drain());
        const { thread } = reply.result as { readonly thread: { readonly turns: readonly Turn[] } };
        joiner.snapshot = thread.turns.at(-1);
      },
    });
    peer.drain();
    joiner = { peer, before: [], after: [], reads: random.pick(['atOnce', 'late']), snapshot: undefined };
    return joiner;
  }
}

/** EV-2 and EV-9 of one client. @throws {InvariantViolation} */
function check({ snapshot, before, after }: Joiner, turnId: string): RaceCoverage {
  invariant(snapshot !== undefined, 'RQ-1', 'a resume is not answered');
  invariantEqual(before.filter(isOfTurn), [], 'EV-9', 'what is told of the turn before the answer');
  const ends = after.filter((entry) => kindOf(entry) === 'turn/completed');
  const hasEnded = snapshot.status !== 'inProgress';
  invariantEqual(snapshot.id, turnId, 'EV-9', 'the turn in the answer');
  invariantEqual(ends.length, hasEnded ? 0 : 1, 'EV-2', 'how often the end comes after the answer');
  const told = after.filter(isOfTurn);
  if (hasEnded) invariantEqual(told, [], 'EV-9', 'what is told of a turn that has ended in the answer');
  const lagged = after.some((entry) => entry instanceof Lagged) ? 1 : 0;
  const text = rebuiltText(snapshot, after);
  invariantEqual(text, TEXT, 'EV-9', 'the text that a client has in the end');
  const isStarted = snapshot.items.some(({ type }) => type === 'agentMessage');
  return {
    started: isStarted ? 0 : 1,
    halfway: isStarted && !hasEnded ? 1 : 0,
    ended: hasEnded ? 1 : 0,
    lagged,
  };
}

/** What the answer and the events after it say that the agent said. Where the deltas are complete, they say the same. */
function rebuiltText(snapshot: Turn, after: readonly ViewEntry[]): string | undefined {
  let text = messageIn(snapshot)?.text;
  let isWhole = true;
  for (const entry of after) {
    if (entry instanceof Lagged) isWhole = false;
    else if (entry instanceof Resynced) {
      const turn = entry.snapshot.marker.activeTurn;
      if (turn !== null) text = messageIn(turn)?.text ?? text;
    } else if (kindOf(entry) === 'item/started') text = messageOf(entry)?.text ?? text;
    else if (kindOf(entry) === 'item/agentMessage/delta')
      text = `${text ?? ''}${String(paramsOf(entry).delta)}`;
    else if (kindOf(entry) === 'item/completed') {
      const final = messageOf(entry)?.text;
      if (final !== undefined && isWhole) invariantEqual(text, final, 'EV-9', 'what the deltas add up to');
      text = final ?? text;
    }
  }
  return text;
}

function messageIn({ items }: Turn): AgentMessageItem | undefined {
  return items.find((item) => item.type === 'agentMessage');
}

function messageOf(entry: ViewEntry): AgentMessageItem | undefined {
  const { item } = paramsOf(entry) as { readonly item?: { readonly type: string } };
  return item?.type === 'agentMessage' ? (item as AgentMessageItem) : undefined;
}

/** Events that only listeners get; every connection hears of the status of every thread. */
function isOfTurn(entry: ViewEntry): boolean {
  return kindOf(entry).startsWith('turn/') || kindOf(entry).startsWith('item/');
}

function add(a: RaceCoverage, b: RaceCoverage): RaceCoverage {
  return {
    started: a.started + b.started,
    halfway: a.halfway + b.halfway,
    ended: a.ended + b.ended,
    lagged: a.lagged + b.lagged,
  };
}

/** Gates that are opened one after the other; whoever comes to an open one goes on at once. */
class Gates {
  #gates: Deferred<void>[] = [];
  #next = 0;

  close(count: number): void {
    this.#gates = Array.from({ length: count }, () => createDeferred<void>());
    this.#next = 0;
  }

  openNext(): void {
    this.#gates[this.#next]?.resolve();
    this.#next += 1;
  }

  pass(index: number): Promise<void> {
    return this.#gates[index]?.promise ?? Promise.resolve();
  }
}

function gatedModel(gates: Gates): ModelClient {
  const item = { type: 'message' as const, role: 'assistant' as const, id: 'm' };
  const content = [{ type: 'output_text' as const, text: TEXT }];
  const steps: readonly (readonly ModelEvent[])[] = [
    [
      { type: 'itemStarted', item: { ...item, content: [] } },
      { type: 'textDelta', itemId: 'm', delta: 'one ' },
    ],
    [{ type: 'textDelta', itemId: 'm', delta: 'two' }],
    [{ type: 'itemCompleted', item: { ...item, content } }],
    [{ type: 'completed', responseId: 'r', usage: null }],
  ];
  return {
    provider: 'scripted',
    streamMaxRetries: 0,
    models: scriptedModel().models,
    async *stream() {
      for (const [index, events] of steps.entries()) {
        await gates.pass(index);
        yield events;
      }
    },
  };
}

/** A store whose logs are on disk when the last gate is open. */
function gatedStore(gates: Gates): ThreadStore {
  const store = memoryStore();
  return {
    ...store,
    create: async (meta) => {
      const log = await store.create(meta);
      return { ...log, sync: () => gates.pass(TURN_STEPS - 1).then(() => log.sync()) };
    },
  };
}
