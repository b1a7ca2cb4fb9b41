import type { RequestId } from '@millrace/protocol';
import { type RuntimeOptions, type Server, startRuntime, type ViewEntry } from '@millrace/runtime';
import { memoryRules, noGuidance } from '@millrace/store';
import { InvariantViolation, invariant, type SeededRandom, VirtualClock } from '@millrace/testkit';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { macrotask, whileTimePasses } from '../runtime/test-runtime.js';
import { commandingModel, tellingStore } from './approval-agent.js';
import { type ApprovalCoverage, noCoverage } from './approval-coverage.js';
import { ApprovalLedger, isYes } from './approval-ledger.js';
import { seededProgram } from './seeded-agent.js';
import { seededIds } from './seeded-ids.js';
import { type Answer, type Asked, type PeerObserver, SimulatedPeer } from './simulated-peer.js';

const PEERS = 3;
const THREADS = 2;
const DEADLINE_MS = 5_000;
/** Virtual time between two looks at what is open. */
const STEP_MS = 1_000;
/** Rounds of reading in which no question comes up before nothing is open. */
const QUIET_ROUNDS_AT_LEAST = 4;
const QUIET_ROUNDS = 200;
const REQUEST = 'item/commandExecution/requestApproval';
const RESOLVED = 'serverRequest/resolved';

/** A bug that is put into the server: other options, or other methods once it has started. */
export interface ApprovalBug {
  readonly options?: Partial<RuntimeOptions>;
  readonly plant?: (server: Server) => void;
}

interface SimulatedThread {
  readonly id: string;
  /** The first part of every directory that it works in. */
  readonly directory: string;
  /** Every request that let its confined commands run unasked. */
  readonly loosened: Asked[];
}

/** One question as one client knows it. */
interface Heard {
  readonly turnId: string;
  readonly heardAtMs: number;
  resolved: number;
}

/**
 * Clients that are asked for commands and answer well, badly, late, twice, in place of others or not at all, leave, come back,
 * interrupt and change the policy, all decided by one seed. The ledger says of each command that starts whether somebody allowed it.
 */
class ApprovalSimulation implements PeerObserver {
  readonly #random: SeededRandom;
  readonly #clock = new VirtualClock();
  readonly #ledger = new ApprovalLedger();
  readonly #peers: SimulatedPeer[] = [];
  readonly #threads: SimulatedThread[] = [];
  readonly #heard = new Map<SimulatedPeer, Map<RequestId, Heard>>();
  readonly #noted = new Map<SimulatedPeer, number>();
  /** Requests that want to be asked again, where no request to the contrary was open: with how many had come before. */
  readonly #tightenings = new Map<Asked, { readonly thread: SimulatedThread; readonly after: number }>();
  readonly #hasDeadline: boolean;
  readonly #coverage: Record<keyof ApprovalCoverage, number> = noCoverage();
  #begun = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#hasDeadline = random.chance(0.4);
  }

  async run({ options, plant }: ApprovalBug): Promise<ApprovalCoverage> {
    const random = this.#random;
    const surroundings = { random, clock: this.#clock };
    const processes = new ScriptedProcesses(seededProgram(surroundings));
    const { spawn } = processes;
    processes.spawn = (request) => {
      const isConfined = request.sandbox !== null;
      this.#ledger.starts({ script: request.argv.at(-1) ?? '', cwd: request.cwd, isConfined });
      return spawn.call(processes, request);
    };
    const server = await startRuntime({
      home: '/nowhere',
      cwd: '/',
      environment: {},
      clock: this.#clock,
      processes,
      model: commandingModel(surroundings),
      store: tellingStore(surroundings, (itemId) => this.#ledger.recorded(itemId)),
      rules: memoryRules(),
      guidance: noGuidance,
      ids: seededIds(random),
      ...(this.#hasDeadline && { answerTimeoutMs: DEADLINE_MS }),
      ...options,
    });
    plant?.(server);
    const stranger = new SimulatedPeer(server, random, this);
    this.#peers.push(new SimulatedPeer(server, random, this));
    for (let steps = random.int(20, 80); steps > 0; steps -= 1) {
      this.#step(server, stranger);
      await this.#passTime();
    }
    await this.#quiesce();
    await whileTimePasses(this.#clock, server.finishShutdown());
    this.#check();
    return this.#reached(processes);
  }

  onAnswer(peer: SimulatedPeer, asked: Asked, answer: Answer): void {
    if (!('result' in answer)) return;
    const { thread } = answer.result as { readonly thread?: { readonly id: string } };
    if (thread !== undefined && asked.method === 'thread/start') {
      this.#threads.push({ id: thread.id, directory: String(asked.params.cwd).slice(1), loosened: [] });
      peer.subscribed.add(thread.id);
    }
    if (thread !== undefined && asked.method === 'thread/resume') peer.subscribed.add(thread.id);
    const tightened = this.#tightenings.get(asked);
    if (tightened !== undefined && tightened.thread.loosened.length === tightened.after)
      this.#ledger.trusts(tightened.thread.directory, false);
  }

  get #present(): readonly SimulatedPeer[] {
    return this.#peers.filter(({ hasLeft }) => !hasLeft);
  }

  #step(server: Server, stranger: SimulatedPeer): void {
    const random = this.#random;
    const peer = random.pick(this.#present);
    const choice = random.int(0, 19);
    if (choice < 6) this.#read(peer);
    else if (choice < 11) this.#answer(peer);
    else if (choice < 14 && this.#threads.length > 0) this.#startTurn(peer, random.pick(this.#threads));
    else if (choice < 15) this.#startThread(peer);
    else if (choice === 15) this.#interrupt(peer);
    else if (choice === 16) this.#onThread(peer, 'thread/resume', {});
    else if (choice === 17) this.#comeOrGo(server, peer);
    else if (choice === 18)
      stranger.send({ type: 'result', id: random.int(0, 8), result: { decision: 'accept' } });
    else this.#answerUnderAnotherId(peer);
  }

  #startThread(peer: SimulatedPeer): void {
    if (this.#begun === THREADS) return;
    const directory = `t${this.#begun}`;
    this.#begun += 1;
    peer.ask('thread/start', {
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
      cwd: `/${directory}`,
    });
  }

  #startTurn(peer: SimulatedPeer, thread: SimulatedThread): void {
    const random = this.#random;
    const approvalPolicy = random.pick([...Array<undefined>(7), 'untrusted', 'on-request']);
    const cwd = random.pick([undefined, undefined, `/${thread.directory}`, `/${thread.directory}/sub`]);
    const params = { input: [{ type: 'text', text: 'go' }], approvalPolicy, cwd };
    const asked = peer.ask('turn/start', { threadId: thread.id, ...params });
    if (asked === undefined) return;
    const { loosened } = thread;
    if (approvalPolicy === 'untrusted' && loosened.every(({ answers }) => answers.length > 0))
      this.#tightenings.set(asked, { thread, after: loosened.length });
    if (approvalPolicy !== 'on-request') return;
    loosened.push(asked);
    this.#ledger.trusts(thread.directory, true);
  }

  #onThread(peer: SimulatedPeer, method: string, params: Readonly<Record<string, unknown>>): void {
    if (this.#threads.length === 0) return;
    peer.ask(method, { threadId: this.#random.pick(this.#threads).id, ...params });
  }

  #interrupt(peer: SimulatedPeer): void {
    if (this.#random.chance(0.5)) return;
    this.#coverage.interrupts += 1;
    this.#onThread(peer, 'turn/interrupt', { turnId: '' });
  }

  #comeOrGo(server: Server, peer: SimulatedPeer): void {
    if (this.#present.length < PEERS) this.#peers.push(new SimulatedPeer(server, this.#random, this));
    else if (this.#random.chance(0.5)) {
      peer.leave();
      this.#coverage.disconnects += 1;
    }
  }

  /** Answers a question that this client was asked, which may be settled or answered already. */
  #answer(peer: SimulatedPeer): void {
    const known = this.#ledger.questions.filter(({ id }) => this.#heard.get(peer)?.has(id) === true);
    if (known.length === 0) return;
    const { id, script } = this.#random.pick(known.slice(-2));
    const decision = this.#random.pick([
      'accept',
      'accept',
      'accept',
      'acceptForSession',
      'decline',
      'decline',
      'cancel',
      'yes',
      { acceptWithExecpolicyAmendment: { execpolicy_amendment: [script.split(' ')[0] ?? ''] } },
      { applyNetworkPolicyAmendment: { network_policy_amendment: { host: 'example.org', action: 'allow' } } },
      undefined,
    ]);
    const sent =
      decision === undefined
        ? peer.send({ type: 'error', id, error: { code: -1, message: 'accept' } })
        : peer.send({ type: 'result', id, result: { decision } });
    if (sent !== 'sent') return;
    if (isYes(decision)) this.#coverage.yes += 1;
    this.#ledger.answered(peer, id, decision);
  }

  /** A text is no number: nobody was asked under that id. */
  #answerUnderAnotherId(peer: SimulatedPeer): void {
    for (const { id } of this.#ledger.questions.slice(-3))
      peer.send({ type: 'result', id: String(id), result: { decision: 'accept' } });
  }

  #read(peer: SimulatedPeer): void {
    peer.view.open();
    peer.read(Number.POSITIVE_INFINITY);
    const from = this.#noted.get(peer) ?? 0;
    for (const entry of peer.entries.slice(from)) this.#note(peer, entry);
    this.#noted.set(peer, peer.entries.length);
  }

  #note(peer: SimulatedPeer, entry: ViewEntry): void {
    if (!('method' in entry)) return;
    const heard = this.#heard.get(peer) ?? new Map<RequestId, Heard>();
    this.#heard.set(peer, heard);
    const params = entry.params as unknown as Readonly<Record<string, unknown>>;
    if ('id' in entry && entry.method === REQUEST) {
      const { itemId, command, cwd, turnId } = params;
      const script = /(touch|make|sudo) \w/.exec(String(command))?.[0] ?? '';
      heard.set(entry.id, { turnId: String(turnId), heardAtMs: this.#clock.monotonic(), resolved: 0 });
      this.#ledger.asked({ id: entry.id, itemId: String(itemId), script, cwd: String(cwd) });
    }
    if (entry.method === RESOLVED) {
      const id = params.requestId as RequestId;
      const known = heard.get(id);
      invariant(
        known !== undefined,
        'AP-1',
        `the end of question ${id} is told to somebody who was not asked`,
      );
      known.resolved += 1;
      invariant(known.resolved === 1, 'AP-1', `question ${id} is resolved ${known.resolved} times`);
      this.#ledger.settled(id);
    }
    if (entry.method !== 'turn/completed') return;
    const { id: endedId } = params.turn as { readonly id: string };
    const open = [...heard].filter(([, { turnId, resolved }]) => turnId === endedId && resolved === 0);
    invariant(open.length === 0, 'AP-5', `question ${open[0]?.[0]} is open after the end of its turn`);
  }

  async #passTime(): Promise<void> {
    await this.#advance(this.#random.pick([0, 0, 0, 1, 300, 2_000]));
    for (let ticks = this.#random.int(0, 3); ticks > 0; ticks -= 1) await macrotask();
  }

  async #advance(byMs: number): Promise<void> {
    this.#clock.advance(byMs);
    await macrotask();
  }

  /** Everybody reads until nothing is open. Where there is a deadline nobody answers any more: it has to settle everything. */
  async #quiesce(): Promise<void> {
    for (let rounds = 0; rounds < QUIET_ROUNDS; rounds += 1) {
      for (const peer of this.#present) this.#read(peer);
      const open = this.#present.flatMap((peer) =>
        [...(this.#heard.get(peer) ?? [])].flatMap(([id, heard]) =>
          heard.resolved === 0 ? [{ peer, id, heard }] : [],
        ),
      );
      if (rounds > QUIET_ROUNDS_AT_LEAST && open.length === 0) return;
      for (const { peer, id, heard } of open) {
        if (!this.#hasDeadline) peer.send({ type: 'result', id, result: { decision: 'decline' } });
        else if (this.#clock.monotonic() - heard.heardAtMs > DEADLINE_MS + 2 * STEP_MS)
          throw new InvariantViolation('AP-7', `question ${id} waits beyond its deadline`);
      }
      await this.#advance(STEP_MS);
    }
    throw new InvariantViolation('AP-1', 'questions that were answered stay open');
  }

  #check(): void {
    const [violation] = this.#ledger.violations;
    if (violation !== undefined) throw violation;
  }

  #reached({ spawned }: ScriptedProcesses): ApprovalCoverage {
    const { started, questions, late } = this.#ledger;
    const heardBy = (id: RequestId) => [...this.#heard.values()].filter((heard) => heard.has(id)).length;
    return {
      ...this.#coverage,
      commands: spawned.length,
      afterYes: started.filter((reason) => reason === 'yes').length,
      bySession: started.filter((reason) => reason === 'session').length,
      byRule: started.filter((reason) => reason === 'rule').length,
      byPolicy: started.filter((reason) => reason === 'policy').length,
      questions: questions.length,
      askedOfSeveral: questions.filter(({ id }) => heardBy(id) > 1).length,
      lateAnswers: late,
    };
  }
}

/** Runs one schedule and checks it. @throws {InvariantViolation} */
export async function simulateApprovals(
  random: SeededRandom,
  bug: ApprovalBug = {},
): Promise<ApprovalCoverage> {
  return new ApprovalSimulation(random).run(bug);
}
