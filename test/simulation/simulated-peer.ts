import type { RequestId, RpcErrorObject } from '@millrace/protocol';
import type { InProcessConnection, Server, ViewEntry } from '@millrace/runtime';
import type { SeededRandom } from '@millrace/testkit';

type Run = ReturnType<InProcessConnection['newRun']>;
type Message = Parameters<InProcessConnection['requests']['trySend']>[0];

/** One answer to a request. */
export type Answer = { readonly result: unknown } | { readonly error: RpcErrorObject };

/** A request that the server has taken, and what came back. */
export interface Asked {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly run: SimulatedRun | undefined;
  readonly answers: Answer[];
}

/** A view of one turn, with what was read from it. */
export interface SimulatedRun {
  readonly run: Run;
  readonly entries: ViewEntry[];
  /** The params of `turn/completed`, each time the server told them. */
  readonly ended: unknown[];
}

/** A question that was read and may be answered, well or badly. */
export interface Question {
  readonly id: RequestId;
  readonly script: string | undefined;
}

export interface PeerObserver {
  /** A request was answered. */
  onAnswer(peer: SimulatedPeer, asked: Asked, answer: Answer): void;
}

/** A client of the simulation: it keeps everything that it said and heard. */
export class SimulatedPeer {
  readonly asked: Asked[] = [];
  readonly entries: ViewEntry[] = [];
  readonly runs: SimulatedRun[] = [];
  readonly questions: Question[] = [];
  /** What came first in each reading: before it, anything may have happened to what was unread. */
  readonly firstOfReading = new Set<ViewEntry>();
  /** Threads that it began. */
  readonly begun = new Set<string>();
  /** Threads that it listens to, as the answers say. */
  readonly subscribed = new Set<string>();
  /** Threads that it has ever asked not to hear of any more. */
  readonly unsubscribed = new Set<string>();
  /** Answers to ids that nobody asked under. */
  strayAnswers = 0;
  hasLeft = false;
  readonly #attached: InProcessConnection;
  readonly #byId = new Map<RequestId, Asked>();
  #nextId = 1;

  constructor(server: Server, random: SeededRandom, observer: PeerObserver) {
    const settle = (id: RequestId, answer: Answer): void => {
      const asked = this.#byId.get(id);
      if (asked === undefined) this.strayAnswers += 1;
      else {
        asked.answers.push(answer);
        observer.onAnswer(this, asked, answer);
      }
    };
    const attached = server.attach(
      { result: (id, result) => settle(id, { result }), error: (id, error) => settle(id, { error }) },
      { channelCapacity: random.int(1, 5), slowConsumerGraceMs: random.pick([0, 100, 2_000]) },
    );
    if (typeof attached === 'string') throw new Error(`the server is ${attached}`);
    this.#attached = attached;
    this.ask('initialize', {
      clientInfo: { name: 'simulated', version: '1' },
      capabilities: { experimentalApi: true },
    });
  }

  get view(): InProcessConnection['view'] {
    return this.#attached.view;
  }

  /** Sends a request. A refusal by the queue leaves no trace here either. */
  ask(method: string, params: Readonly<Record<string, unknown>>, run?: SimulatedRun): Asked | undefined {
    const id = this.#nextId++;
    const asked: Asked = { method, params, run, answers: [] };
    if (this.send({ type: 'request', id, method, params, run: run?.run }) !== 'sent') return undefined;
    this.#byId.set(id, asked);
    this.asked.push(asked);
    return asked;
  }

  send(message: Message): 'sent' | 'full' | 'closed' {
    return this.#attached.requests.trySend(message);
  }

  newRun(): SimulatedRun {
    const ended: unknown[] = [];
    const simulated = { run: this.#attached.newRun((params) => ended.push(params)), entries: [], ended };
    this.runs.push(simulated);
    return simulated;
  }

  /** Reads up to so many entries from each view. */
  read(count: number): void {
    this.#take(this.view, this.entries, count);
    for (const { run, entries } of this.runs) this.#take(run.view, entries, count);
  }

  leave(): void {
    this.hasLeft = true;
    this.#attached.close();
  }

  #take(view: InProcessConnection['view'], entries: ViewEntry[], count: number): void {
    for (let taken = 0; taken < count; taken += 1) {
      const entry = view.tryReceive();
      if (entry === undefined) return;
      if (taken === 0) this.firstOfReading.add(entry);
      entries.push(entry);
      this.#note(entry);
    }
  }

  #note(entry: ViewEntry): void {
    if (!('id' in entry)) return;
    const { command } = entry.params as { readonly command?: string };
    this.questions.push({ id: entry.id, script: /script-i\d+/.exec(command ?? '')?.[0] });
  }
}
