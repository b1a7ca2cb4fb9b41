import { LIMITS, type RpcErrorObject } from '@millrace/protocol';
import { type Server, startRuntime } from '@millrace/runtime';
import { noGuidance } from '@millrace/store';
import { invariant, invariantEqual, type SeededRandom, VirtualClock } from '@millrace/testkit';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { macrotask } from '../runtime/test-runtime.js';
import { seededIds } from './seeded-ids.js';
import { shortLivedModel, shortLivedProgram } from './short-lived-agent.js';
import { type Answer, type Asked, type PeerObserver, SimulatedPeer } from './simulated-peer.js';
import { ThreadLifeLog } from './thread-life-log.js';
import { WatchedStore } from './watched-store.js';

const PEERS = 3;
const THREADS = 7;
const SHUTDOWN_MS = 6_000;
const LEAP_MS = 6_000;
/** Rounds of half a second after which everything must have come to rest. */
const QUIET_ROUNDS = 200;
/** Such rounds that a request may take: nobody tells when one is over whose client has left. */
const ROUNDS_OF_A_REQUEST = 8;

/** How often what is rare was reached, over all seeds of a run. */
export interface LifeCoverage {
  readonly turns: number;
  /** Threads unloaded after half an hour, and to make room. */
  readonly swept: number;
  readonly madeRoom: number;
  readonly reloaded: number;
  /** Requests for a thread that was on its way out of memory. */
  readonly askedWhileUnloading: number;
  readonly refusedFull: number;
  readonly forked: number;
  readonly resumedByPath: number;
  /** Threads archived or deleted in the middle of a turn. */
  readonly cutShort: number;
  readonly leftInFlight: number;
  readonly shutDownWhileUnloading: number;
}

/** Puts a bug into whatever is started from now on; the control puts none. */
export type LifePlant = () => void;

interface LifeTurn {
  readonly turnId: string;
  readonly threadId: string;
  readonly starter: SimulatedPeer;
  /** Whether the starter has listened from the answer on. */
  isAwaited: boolean;
}

type Params = Readonly<Record<string, unknown>>;

/** Threads that come into memory and leave it while clients do everything with them at once, all decided by one seed. */
class ThreadLifeSimulation implements PeerObserver {
  readonly #random: SeededRandom;
  readonly #clock = new VirtualClock();
  readonly #log = new ThreadLifeLog({
    onForgotten: (threadId) => this.#onForgotten(threadId),
    onClosed: (threadId) => this.#onClosed(threadId),
  });
  readonly #store: WatchedStore;
  readonly #processes: ScriptedProcesses;
  readonly #peers: SimulatedPeer[] = [];
  readonly #threadIds: string[] = [];
  readonly #ephemeral = new Set<string>();
  /** Threads whose turns somebody may have interrupted, and those whose turns somebody may have taken back. */
  readonly #disturbed = new Set<string>();
  readonly #undone = new Set<string>();
  readonly #turns = new Map<string, LifeTurn>();
  readonly #askedAt = new Map<Asked, number>();
  readonly #lastUsedMs = new Map<string, number>();
  #isEnding = false;
  #endOrder = Number.POSITIVE_INFINITY;
  readonly #reached: Record<keyof LifeCoverage, number> = {
    turns: 0,
    swept: 0,
    madeRoom: 0,
    reloaded: 0,
    askedWhileUnloading: 0,
    refusedFull: 0,
    forked: 0,
    resumedByPath: 0,
    cutShort: 0,
    leftInFlight: 0,
    shutDownWhileUnloading: 0,
  };

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#store = new WatchedStore(random, this.#clock, () =>
      this.#log.complain('LT-1', 'a thread that is open is opened or removed'),
    );
    this.#processes = new ScriptedProcesses(shortLivedProgram(random, this.#clock));
  }

  async run(plant: LifePlant): Promise<LifeCoverage> {
    const random = this.#random;
    this.#log.install();
    plant();
    const server = await startRuntime({
      home: '/nowhere',
      cwd: '/',
      environment: {},
      clock: this.#clock,
      processes: this.#processes,
      store: this.#store,
      ids: seededIds(random),
      guidance: noGuidance,
      loadedThreads: random.int(2, 4),
      model: shortLivedModel(random, this.#clock, () =>
        this.#log.complain('LT-1', 'two turns of a thread at a time'),
      ),
    });
    this.#peers.push(new SimulatedPeer(server, random, this));
    for (let steps = random.int(20, 100); steps > 0; steps -= 1) {
      await this.#step(server);
      this.#clock.advance(random.pick([0, 0, 0, 0, 1, 50, 200, 1_000]));
      for (let ticks = random.int(0, 3); ticks > 0; ticks -= 1) await macrotask();
      this.#log.check();
    }
    if (random.chance(0.6)) await this.#comeToRest(server);
    await this.#shutDown(server);
    await this.#checkTurns();
    return { ...this.#reached, turns: this.#turns.size, reloaded: this.#log.reloaded };
  }

  // ---- What clients do --------------------------------------------------------------------------------------------------

  get #present(): readonly SimulatedPeer[] {
    return this.#peers.filter(({ hasLeft }) => !hasLeft);
  }

  async #step(server: Server): Promise<void> {
    const random = this.#random;
    const peer = random.pick(this.#present);
    const choice = random.int(0, 29);
    if (choice < 3) peer.read(random.int(1, 20));
    else if (choice < 6) this.#startThread(peer);
    else if (choice < 11) this.#onThread(peer, 'turn/start', { input: [{ type: 'text', text: 'go' }] });
    else if (choice < 16) this.#resume(peer);
    else if (choice < 20) this.#onThread(peer, 'thread/unsubscribe', {});
    else if (choice === 20) this.#fork(peer);
    else if (choice === 21) this.#undo(peer, 'thread/archive');
    else if (choice === 22) this.#onThread(peer, 'thread/unarchive', {});
    else if (choice === 23 && random.chance(0.3)) this.#undo(peer, 'thread/delete');
    else if (choice === 24) this.#undo(peer, 'thread/revert');
    else if (choice === 25) this.#disturb(peer, 'turn/interrupt', { turnId: '' });
    else if (choice === 26) this.#onThread(peer, 'thread/read', { includeTurns: random.chance(0.5) });
    else if (choice === 27) this.#onThread(peer, 'thread/name/set', { name: `n${random.int(0, 9)}` });
    else if (choice === 28) this.#comeOrGo(server, peer);
    else if (random.chance(0.3)) await this.#waitLong();
  }

  #startThread(peer: SimulatedPeer): void {
    if (this.#threadIds.length >= THREADS) return;
    const ephemeral = this.#random.chance(0.2);
    this.#ask(peer, 'thread/start', { sandbox: 'danger-full-access', approvalPolicy: 'never', ephemeral });
  }

  #resume(peer: SimulatedPeer): void {
    const threadId = this.#pickThread();
    if (threadId === undefined) return;
    const how = this.#random.next();
    if (how < 0.3) {
      const other = this.#random.pick(this.#threadIds);
      this.#ask(peer, 'thread/resume', { threadId: other, path: `/threads/${threadId}` });
    } else this.#ask(peer, 'thread/resume', { threadId: how < 0.4 ? threadId.toUpperCase() : threadId });
  }

  #fork(peer: SimulatedPeer): void {
    if (this.#threadIds.length >= THREADS) return;
    this.#onThread(peer, 'thread/fork', { ephemeral: this.#random.chance(0.2) });
  }

  #undo(peer: SimulatedPeer, method: 'thread/archive' | 'thread/delete' | 'thread/revert'): void {
    const turn = this.#random.pick([...this.#turns.values(), undefined]);
    const threadId = method === 'thread/revert' ? turn?.threadId : this.#pickThread();
    if (threadId === undefined) return;
    const params = method === 'thread/revert' ? { beforeTurnId: turn?.turnId } : {};
    this.#disturbed.add(threadId);
    if (method !== 'thread/archive') this.#undone.add(threadId);
    if (this.#runs(threadId)) this.#reached.cutShort += 1;
    this.#ask(peer, method, { threadId, ...params });
  }

  #disturb(peer: SimulatedPeer, method: string, params: Params): void {
    const asked = this.#onThread(peer, method, params);
    if (asked !== undefined) this.#disturbed.add(String(asked.params.threadId));
  }

  #onThread(peer: SimulatedPeer, method: string, params: Params): Asked | undefined {
    const threadId = this.#pickThread();
    return threadId === undefined ? undefined : this.#ask(peer, method, { threadId, ...params });
  }

  #pickThread(): string | undefined {
    return this.#threadIds.length === 0 ? undefined : this.#random.pick(this.#threadIds);
  }

  #ask(peer: SimulatedPeer, method: string, params: Params): Asked | undefined {
    const threadId = String(params.threadId).toLowerCase();
    if (this.#log.unloading.has(threadId)) this.#reached.askedWhileUnloading += 1;
    if (method === 'thread/unsubscribe') this.#stopAwaiting((turn) => isOf(turn, peer, threadId));
    const asked = peer.ask(method, params);
    if (asked !== undefined) this.#askedAt.set(asked, this.#log.order);
    return asked;
  }

  #comeOrGo(server: Server, peer: SimulatedPeer): void {
    if (this.#present.length < PEERS && this.#random.chance(0.6))
      this.#peers.push(new SimulatedPeer(server, this.#random, this));
    else if (this.#present.length > 1) this.#leave(peer);
  }

  #leave(peer: SimulatedPeer): void {
    if (peer.asked.some(({ answers }) => answers.length === 0)) this.#reached.leftInFlight += 1;
    this.#stopAwaiting(({ starter }) => starter === peer);
    for (const threadId of peer.subscribed) this.#touch(threadId);
    peer.leave();
  }

  /** So long that what nobody uses is unloaded at the end of it. */
  async #waitLong(): Promise<void> {
    for (let passedMs = 0; passedMs <= LIMITS.idleThreadMs; passedMs += LIMITS.idleSweepMs) {
      await this.#leap();
    }
  }

  /** Lets the time between two sweeps pass, in leaps that are shorter than the ten seconds that an unload has. */
  async #leap(): Promise<void> {
    for (let passedMs = 0; passedMs < LIMITS.idleSweepMs; passedMs += LEAP_MS) {
      for (let rounds = 0; this.#log.unloading.size > 0; rounds += 1) {
        invariant(rounds < QUIET_ROUNDS, 'SD-1', 'a thread is unloaded for ever');
        this.#clock.advance(100);
        await macrotask();
      }
      this.#clock.advance(LEAP_MS);
      await macrotask();
    }
  }

  // ---- What comes back --------------------------------------------------------------------------------------------------

  onAnswer(peer: SimulatedPeer, asked: Asked, answer: Answer): void {
    if ('error' in answer) this.#readRefusal(peer, asked, answer.error);
    else if (asked.method === 'turn/start') this.#readTurn(peer, asked, answer.result);
    else if (asked.method === 'thread/unsubscribe') this.#readUnsubscribed(peer, asked);
    else if (['thread/start', 'thread/fork', 'thread/resume'].includes(asked.method))
      this.#readThread(peer, asked, answer.result);
  }

  #readRefusal({ hasLeft }: SimulatedPeer, { method }: Asked, { code, message }: RpcErrorObject): void {
    if (code === -32_001) this.#reached.refusedFull += 1;
    if (code === -32_603 && !this.#isEnding && !hasLeft) this.#log.complain('LT-4', `${method}: ${message}`);
  }

  #readTurn(starter: SimulatedPeer, { params }: Asked, result: unknown): void {
    const turnId = (result as { readonly turn: { readonly id: string } }).turn.id;
    const threadId = String(params.threadId);
    if (!this.#isInMemory(threadId))
      this.#log.complain('LT-4', 'a turn begins in a thread that is not loaded');
    const isAwaited = starter.subscribed.has(threadId) && !isLeaving(starter, threadId);
    if (!this.#turns.has(turnId)) this.#turns.set(turnId, { turnId, threadId, starter, isAwaited });
  }

  #readUnsubscribed(peer: SimulatedPeer, { params }: Asked): void {
    const threadId = String(params.threadId);
    if (peer.subscribed.delete(threadId)) this.#touch(threadId);
  }

  #readThread(peer: SimulatedPeer, asked: Asked, result: unknown): void {
    const { thread } = result as {
      readonly thread: {
        readonly id: string;
        readonly ephemeral: boolean;
        readonly turns: readonly { readonly id: string; readonly status: string }[];
      };
    };
    if (!peer.hasLeft) peer.subscribed.add(thread.id);
    if (asked.method !== 'thread/resume') {
      this.#threadIds.push(thread.id);
      if (thread.ephemeral) this.#ephemeral.add(thread.id);
      if (asked.method === 'thread/fork') this.#reached.forked += 1;
      return;
    }
    if ('path' in asked.params) this.#reached.resumedByPath += 1;
    if (!this.#isInMemory(thread.id)) this.#log.complain('LT-4', 'a thread is resumed that is not loaded');
    if (this.#undone.has(thread.id)) return;
    const since = this.#askedAt.get(asked) ?? 0;
    for (const { turnId, threadId } of this.#turns.values()) {
      const end = this.#log.ends.get(turnId);
      if (threadId !== thread.id || end === undefined || end.order > since) continue;
      const status = thread.turns.find(({ id }) => id === turnId)?.status;
      if (status !== end.status) this.#log.complain('LT-4', `a turn that ended ${end.status} is ${status}`);
    }
  }

  #isInMemory(threadId: string): boolean {
    return this.#log.loaded.has(threadId) && !this.#log.unloading.has(threadId);
  }

  #onForgotten(threadId: string): void {
    if (this.#runs(threadId)) this.#log.complain('EV-2', 'a thread is forgotten in the middle of a turn');
    for (const peer of this.#peers) peer.subscribed.delete(threadId);
  }

  #onClosed(threadId: string): string | undefined {
    if (this.#isEnding) return undefined;
    const idleMs = this.#clock.monotonic() - (this.#lastUsedMs.get(threadId) ?? 0);
    if (idleMs >= LIMITS.idleThreadMs) this.#reached.swept += 1;
    else this.#reached.madeRoom += 1;
    if (this.#runs(threadId)) return 'a turn runs in it';
    return this.#present.some(({ subscribed }) => subscribed.has(threadId)) ? 'somebody listens' : undefined;
  }

  #runs(threadId: string): boolean {
    return [...this.#turns.values()].some(
      (turn) => turn.threadId === threadId && !this.#log.ends.has(turn.turnId),
    );
  }

  #touch(threadId: string): void {
    this.#lastUsedMs.set(threadId, this.#clock.monotonic());
  }

  #stopAwaiting(matches: (turn: LifeTurn) => boolean): void {
    for (const turn of this.#turns.values())
      if (!this.#log.ends.has(turn.turnId) && matches(turn)) turn.isAwaited = false;
  }

  // ---- The end ----------------------------------------------------------------------------------------------------------

  /** Everybody waits until nothing happens any more, then leaves; half an hour later nothing may be left in memory. */
  async #comeToRest(server: Server): Promise<void> {
    const isBusy = (): boolean =>
      this.#log.unloading.size > 0 ||
      this.#threadIds.some((threadId) => this.#runs(threadId)) ||
      this.#present.some(({ asked }) => asked.some(({ answers }) => answers.length === 0));
    let quietRounds = 0;
    for (let rounds = 0; quietRounds < ROUNDS_OF_A_REQUEST; rounds += 1) {
      invariant(rounds < QUIET_ROUNDS, 'RQ-1', 'nothing comes to rest');
      quietRounds = isBusy() ? 0 : quietRounds + 1;
      for (const peer of this.#present) peer.read(Number.POSITIVE_INFINITY);
      this.#clock.advance(500);
      await macrotask();
    }
    const auditor = new SimulatedPeer(server, this.#random, this);
    await macrotask();
    invariantEqual(
      [...(await loadedIds(auditor))].sort(),
      [...this.#log.loaded].sort(),
      'LT-4',
      'the threads that are said to be loaded',
    );
    for (const peer of this.#present) {
      peer.read(Number.POSITIVE_INFINITY);
      this.#checkDelivered(peer);
      this.#leave(peer);
    }
    await this.#waitLong();
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await this.#leap();
    invariantEqual(await loadedIds(auditor), [], 'LT-5', 'what stays in memory though nobody uses it');
    invariantEqual(this.#store.openLogs, 0, 'LT-5', 'the number of logs that are open');
    invariantEqual(this.#processes.running, 0, 'LT-5', 'the number of processes that run');
    invariantEqual(this.#clock.pending, 0, 'LT-5', 'the number of timers');
    this.#peers.push(auditor);
    this.#log.check();
  }

  async #shutDown(server: Server): Promise<void> {
    this.#isEnding = true;
    this.#endOrder = this.#log.order;
    if (this.#log.unloading.size > 0) this.#reached.shutDownWhileUnloading += 1;
    let isOver = false;
    void server.beginShutdown().then(() => {
      for (const peer of this.#present) peer.read(Number.POSITIVE_INFINITY);
      return server.finishShutdown().then(() => {
        isOver = true;
      });
    });
    for (let passedMs = 0; passedMs <= SHUTDOWN_MS && !isOver; passedMs += 50) {
      this.#clock.advance(50);
      await macrotask();
    }
    invariant(isOver, 'SD-1', 'the shutdown does not finish');
    this.#log.check();
    invariantEqual(this.#processes.running, 0, 'SD-5', 'the number of processes that run');
    invariantEqual(this.#clock.pending, 0, 'SD-5', 'the number of timers');
    for (const peer of this.#present) {
      this.#checkDelivered(peer);
      for (const { method, answers } of peer.asked)
        invariantEqual(answers.length, 1, 'RQ-1', `the number of answers to ${method}`);
    }
  }

  /** Every end that a peer waited for was read once, and no end twice. */
  #checkDelivered(peer: SimulatedPeer): void {
    const read = new Map<string, number>();
    for (const entry of peer.entries) {
      if (!('method' in entry) || entry.method !== 'turn/completed') continue;
      const { id } = (entry.params as { readonly turn: { readonly id: string } }).turn;
      read.set(id, (read.get(id) ?? 0) + 1);
    }
    for (const [turnId, times] of read) invariant(times === 1, 'EV-2', `the end of ${turnId} was read twice`);
    for (const { turnId, starter, isAwaited } of this.#turns.values())
      if (isAwaited && starter === peer) invariant(read.has(turnId), 'EV-2', `the end of ${turnId} is lost`);
  }

  /** Every turn that was accepted has ended, is on disk, and was interrupted only where somebody asked for that. */
  async #checkTurns(): Promise<void> {
    for (const { turnId, threadId } of this.#turns.values()) {
      const end = this.#log.ends.get(turnId);
      invariant(end !== undefined, 'EV-2', 'a turn never ends');
      const isAsked = this.#disturbed.has(threadId) || end.order > this.#endOrder;
      invariant(end.status !== 'interrupted' || isAsked, 'LT-2', 'a turn is interrupted by nobody');
      if (this.#ephemeral.has(threadId) || this.#undone.has(threadId)) continue;
      const records = (await this.#store.read(threadId)) ?? [];
      const kept = records.find((record) => record.type === 'turnEnded' && record.turnId === turnId);
      invariant(kept?.type === 'turnEnded', 'SD-6', 'a turn that was accepted is not on disk');
      invariantEqual(kept.status, end.status, 'SD-6', 'how a turn ended on disk');
    }
  }
}

function isOf({ starter, threadId }: LifeTurn, peer: SimulatedPeer, ofThread: string): boolean {
  return starter === peer && threadId === ofThread;
}

/** Whether the peer has asked not to hear of the thread any more and was not answered yet. */
function isLeaving({ asked }: SimulatedPeer, threadId: string): boolean {
  return asked.some(
    ({ method, params, answers }) =>
      method === 'thread/unsubscribe' && params.threadId === threadId && answers.length === 0,
  );
}

async function loadedIds(peer: SimulatedPeer): Promise<readonly string[]> {
  const asked = peer.ask('thread/loaded/list', {});
  await macrotask();
  const [answer] = asked?.answers ?? [];
  invariant(answer !== undefined && 'result' in answer, 'RQ-1', 'the list of loaded threads is not answered');
  return (answer.result as { readonly data: readonly string[] }).data;
}

const plantNothing: LifePlant = () => {};

/** Runs one simulation and checks it. Whoever calls uproots what it has put in. @throws {InvariantViolation} */
export function simulateThreadLife(random: SeededRandom, plant = plantNothing): Promise<LifeCoverage> {
  return new ThreadLifeSimulation(random).run(plant);
}
