import { type Server, startRuntime } from '@millrace/runtime';
import { noGuidance } from '@millrace/store';
import { InvariantViolation, invariant, type SeededRandom, VirtualClock } from '@millrace/testkit';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { checkEnd, checkRebuiltState, type ServerThread } from './runtime-invariants.js';
import { seededModel, seededProgram, seededStore } from './seeded-agent.js';
import { seededIds } from './seeded-ids.js';
import { type Answer, type Asked, type PeerObserver, SimulatedPeer } from './simulated-peer.js';
import { endsOf, isAwaited, type SimulatedTurn } from './simulated-turn.js';

/** Rounds of reading, answering and waiting after which everything must have come to rest. */
const QUIET_ROUNDS = 300;
const SHUTDOWN_GRACE_MS = 5_000;
/** Where the threads work that have to ask. */
const CAREFUL_DIRECTORY = '/careful';
const PEERS = 4;
const THREADS = 3;

/** How often something rare was reached, over all seeds of a run. */
export interface Coverage {
  readonly turns: number;
  readonly lagged: number;
  readonly refused: number;
  readonly interrupted: number;
  readonly ignoredAnswers: number;
  readonly commands: number;
}

/** Puts a bug into a server that has just been started; the control puts none. */
export type Plant = (server: Server) => void;

/** A whole runtime with clients that read, stall, leave, come back and say what they like, all decided by one seed. */
class RuntimeSimulation implements PeerObserver {
  readonly turns = new Map<string, SimulatedTurn>();
  readonly threadIds: string[] = [];
  readonly peers: SimulatedPeer[] = [];
  /** Scripts that somebody who was asked said yes to. */
  readonly accepted = new Set<string>();
  readonly processes: ScriptedProcesses;
  readonly carefulDirectory = CAREFUL_DIRECTORY;
  ignoredAnswers = 0;
  readonly #random: SeededRandom;
  readonly #clock = new VirtualClock();

  constructor(random: SeededRandom) {
    this.#random = random;
    this.processes = new ScriptedProcesses(seededProgram({ random, clock: this.#clock }));
  }

  async run(plant: Plant): Promise<Coverage> {
    const random = this.#random;
    const surroundings = { random, clock: this.#clock };
    const { clock, processes } = { clock: this.#clock, processes: this.processes };
    const model = seededModel(surroundings);
    const store = seededStore(surroundings);
    const server = await startRuntime({
      home: '/nowhere',
      cwd: '/',
      environment: {},
      clock,
      processes,
      model,
      store,
      guidance: noGuidance,
      ids: seededIds(random),
    });
    server.diagnostics.on('lateAnswer', () => {
      this.ignoredAnswers += 1;
    });
    plant(server);
    this.peers.push(new SimulatedPeer(server, random, this));
    for (let steps = random.int(20, 120); steps > 0; steps -= 1) {
      this.#step(server);
      await this.#passTime();
    }
    if (random.chance(0.7)) {
      checkRebuiltState(this, await this.#quiesce(server));
    }
    const ending = server.beginShutdown();
    await this.#waitFor(ending, 'SD-1', 'the shutdown does not begin');
    this.#readEverything();
    checkEnd(this);
    await this.#waitFor(server.finishShutdown(), 'SD-1', 'the shutdown does not finish');
    for (const peer of this.peers)
      invariant(peer.ask('thread/loaded/list', {}) === undefined, 'SD-7', 'a closed server takes requests');
    return this.#coverage();
  }

  onAnswer(peer: SimulatedPeer, asked: Asked, answer: Answer): void {
    if (!('result' in answer)) return;
    const { thread, turn } = answer.result as {
      readonly thread?: { readonly id: string };
      readonly turn?: { readonly id: string };
    };
    if (asked.method === 'thread/start' && thread !== undefined) {
      this.threadIds.push(thread.id);
      peer.begun.add(thread.id);
      peer.subscribed.add(thread.id);
    }
    if (asked.method === 'thread/resume' && thread !== undefined) peer.subscribed.add(thread.id);
    if (asked.method === 'thread/unsubscribe') peer.subscribed.delete(String(asked.params.threadId));
    if (asked.method === 'turn/start' && turn !== undefined && !this.turns.has(turn.id)) {
      const threadId = String(asked.params.threadId);
      const isSubscribed = peer.subscribed.has(threadId);
      this.turns.set(turn.id, { turnId: turn.id, threadId, starter: peer, request: asked, isSubscribed });
    }
  }

  get present(): readonly SimulatedPeer[] {
    return this.peers.filter((peer) => !peer.hasLeft);
  }

  #step(server: Server): void {
    const random = this.#random;
    const peer = random.pick(this.present);
    const choice = random.int(0, 19);
    if (choice < 5) peer.read(random.int(1, 8));
    else if (choice < 7) this.#startTurn(peer);
    else if (choice < 10) this.#answer(peer);
    else if (choice === 10) peer.view.open();
    else if (choice === 11) peer.view.pause();
    else if (choice === 12) this.#startThread(peer);
    else if (choice === 13) this.#onThread(peer, 'turn/interrupt', { turnId: '' });
    else if (choice === 14) this.#steer(peer);
    else if (choice === 15) this.#onThread(peer, 'thread/read', { includeTurns: random.chance(0.5) });
    else if (choice === 16) this.#onThread(peer, 'thread/resume', {});
    else if (choice === 17) this.#unsubscribe(peer);
    else if (choice === 18) this.#comeOrGo(server, peer);
    else this.#forge(peer);
  }

  #startThread(peer: SimulatedPeer): void {
    if (this.threadIds.length >= THREADS) return;
    const isCareful = this.#random.chance(0.5);
    const approvalPolicy = isCareful ? 'untrusted' : 'never';
    peer.ask('thread/start', {
      sandbox: 'danger-full-access',
      approvalPolicy,
      cwd: isCareful ? CAREFUL_DIRECTORY : '/',
    });
  }

  #startTurn(peer: SimulatedPeer): void {
    const input = [{ type: 'text', text: 'go' }];
    const run = this.#random.chance(0.3) ? peer.newRun() : undefined;
    if (run !== undefined && this.#random.chance(0.5)) run.run.view.open();
    this.#onThread(peer, 'turn/start', { input }, run);
  }

  #steer(peer: SimulatedPeer): void {
    const expectedTurnId = this.#random.pick([...this.turns.keys(), 'x']);
    this.#onThread(peer, 'turn/steer', { input: [{ type: 'text', text: 'more' }], expectedTurnId });
  }

  #unsubscribe(peer: SimulatedPeer): void {
    if (!this.#random.chance(0.3)) return;
    const asked = this.#onThread(peer, 'thread/unsubscribe', {});
    if (asked !== undefined) peer.unsubscribed.add(String(asked.params.threadId));
  }

  #onThread(
    peer: SimulatedPeer,
    method: string,
    params: Readonly<Record<string, unknown>>,
    run?: SimulatedPeer['runs'][number],
  ): Asked | undefined {
    if (this.threadIds.length === 0) return undefined;
    const threadId = this.#random.pick(this.threadIds);
    return peer.ask(method, { threadId, ...params }, run);
  }

  #comeOrGo(server: Server, peer: SimulatedPeer): void {
    if (this.present.length < PEERS && this.#random.chance(0.7))
      this.peers.push(new SimulatedPeer(server, this.#random, this));
    else if (this.present.length > 1) peer.leave();
  }

  /** Answers one of the questions that this peer was asked, which may be settled already. */
  #answer(peer: SimulatedPeer): void {
    if (peer.questions.length === 0) return;
    const { id, script } = this.#random.pick(peer.questions);
    const kind = this.#random.pick([
      'accept',
      'accept',
      'acceptForSession',
      'decline',
      'cancel',
      'bogus',
      'error',
    ]);
    const error = { code: -1, message: 'accept' };
    const sent =
      kind === 'error'
        ? peer.send({ type: 'error', id, error })
        : peer.send({ type: 'result', id, result: { decision: kind } });
    if (sent === 'sent' && script !== undefined && kind.startsWith('accept')) this.accepted.add(script);
  }

  /** Says yes to a question that this peer was not asked. */
  #forge(peer: SimulatedPeer): void {
    const mayBeAsked = peer.asked.some(
      ({ method }) => method === 'thread/resume' || method === 'thread/start',
    );
    if (!mayBeAsked)
      peer.send({ type: 'result', id: this.#random.int(0, 10), result: { decision: 'accept' } });
  }

  async #passTime(): Promise<void> {
    this.#clock.advance(this.#random.pick([0, 0, 0, 1, 100, 1_000, 3_000]));
    for (let ticks = this.#random.int(0, 3); ticks > 0; ticks -= 1) await macrotask();
  }

  /** Everybody reads, declines what is asked and interrupts what runs, until nothing is left to do. Returns what the server says then. */
  async #quiesce(server: Server): Promise<readonly ServerThread[]> {
    for (let rounds = 0; rounds < QUIET_ROUNDS; rounds += 1) {
      this.#readEverything();
      const threads = this.#isQuiet() ? await this.#audit(server) : undefined;
      if (threads?.every(({ status }) => status.type !== 'active')) return threads;
      // One at a time: a request queue may hold a single message.
      const threadId = this.threadIds[rounds % this.threadIds.length];
      if (rounds > 10 && threadId !== undefined)
        this.present[0]?.ask('turn/interrupt', { threadId, turnId: '' });
      this.#clock.advance(2_500);
      await macrotask();
    }
    const open = this.present.flatMap(({ asked }) =>
      asked.filter(({ answers }) => answers.length === 0).map(({ method }) => method),
    );
    throw new InvariantViolation(
      'EV-2',
      `no rest: open requests ${open.join()}, turns without an end ${this.#openTurns().join()}`,
    );
  }

  /** What the server itself says of its threads. */
  async #audit(server: Server): Promise<ServerThread[]> {
    const auditor = new SimulatedPeer(server, this.#random, this);
    const threads: ServerThread[] = [];
    for (const threadId of this.threadIds) {
      await macrotask();
      const asked = auditor.ask('thread/read', { threadId, includeTurns: true });
      await macrotask();
      const [answer] = asked?.answers ?? [];
      if (answer !== undefined && 'result' in answer)
        threads.push((answer.result as { readonly thread: ServerThread }).thread);
    }
    auditor.leave();
    this.#readEverything();
    return threads;
  }

  #readEverything(): void {
    for (const peer of this.present) {
      peer.view.open();
      peer.read(Number.POSITIVE_INFINITY);
      for (const { id } of peer.questions.splice(0))
        peer.send({ type: 'result', id, result: { decision: 'decline' } });
    }
  }

  #isQuiet(): boolean {
    return (
      this.#openTurns().length === 0 &&
      this.present.every(({ asked }) => asked.every(({ answers }) => answers.length > 0))
    );
  }

  /** Turns whose starter is still waiting for their end. */
  #openTurns(): string[] {
    return [...this.turns.values()]
      .filter((turn) => isAwaited(turn) && endsOf(turn) === 0)
      .map(({ turnId }) => turnId);
  }

  async #waitFor(promise: Promise<void>, id: string, complaint: string): Promise<void> {
    let isOver = false;
    void promise.then(() => {
      isOver = true;
    });
    for (let passedMs = 0; passedMs <= SHUTDOWN_GRACE_MS + 1_000 && !isOver; passedMs += 50) {
      this.#clock.advance(50);
      await macrotask();
    }
    invariant(isOver, id, complaint);
  }

  #coverage(): Coverage {
    const answers = this.peers.flatMap(({ asked }) => asked.flatMap((request) => request.answers));
    const stats = this.peers.map(({ view }) => view.stats);
    return {
      turns: this.turns.size,
      lagged: stats.reduce((sum, { lagged }) => sum + lagged, 0),
      refused: answers.filter((answer) => 'error' in answer).length,
      interrupted: this.peers
        .flatMap(({ asked }) => asked)
        .filter(
          ({ method, answers: [answer] }) =>
            method === 'turn/interrupt' && answer !== undefined && 'result' in answer,
        ).length,
      ignoredAnswers: this.ignoredAnswers,
      commands: this.processes.spawned.length,
    };
  }
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const plantNothing: Plant = () => {};

/** Runs one simulation and checks it. @throws {InvariantViolation} */
export async function simulateRuntime(random: SeededRandom, plant: Plant = plantNothing): Promise<Coverage> {
  return new RuntimeSimulation(random).run(plant);
}
