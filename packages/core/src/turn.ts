import { yieldToMacrotask } from '@millrace/channel';
import {
  LIMITS,
  newTurn,
  type ThreadItemType,
  type ThreadTokenUsage,
  type TokenUsageBreakdown,
  type Turn as TurnView,
} from '@millrace/protocol';
import { unlessAborted } from './interruptible.js';
import type { TurnStarter } from './ports.js';
import type { ResponseItem } from './response-item.js';
import type { ThreadContext } from './thread-context.js';
import type { TurnContext } from './turn-context.js';
import { TurnDiff } from './turn-diff.js';
import { type EndTimes, endOf, settleTurn, type TurnEnd } from './turn-ending.js';
import { TurnOutput } from './turn-output.js';
import type { SideTask, Steered, TurnWork, WorkContext } from './turn-work.js';
import type { TurnInput } from './user-input.js';

/** The items that the model itself fills. */
const STREAMED: ReadonlySet<ThreadItemType> = new Set(['agentMessage', 'plan', 'reasoning', 'webSearch']);
const INTERRUPTED = new Error('the turn was interrupted');

/**
 * One piece of work up to its end; mostly a {@link Conversation} about one user input.
 *
 * `waiting → running → ending → ended`. It ends exactly once, whatever happens inside, and says so with `turn/completed` after
 * everything before it is on disk.
 */
export class Turn implements WorkContext {
  readonly turnId: string;
  readonly threadId: string;
  readonly thread: ThreadContext;
  readonly output: TurnOutput;
  readonly diff: TurnDiff;
  readonly #work: TurnWork;
  readonly #interrupt = new AbortController();
  readonly #onEnding: (() => void)[] = [];
  readonly #beside = new Set<{ readonly started: Promise<void>; readonly ended: Promise<void> }>();
  #phase: 'waiting' | 'running' | 'ending' | 'ended' = 'waiting';
  #view: TurnView;
  #startedAtMs = 0;

  constructor(thread: ThreadContext, work: TurnWork, starter: TurnStarter | undefined) {
    const { ports, threadId, settings } = thread;
    this.thread = thread;
    this.threadId = threadId;
    this.turnId = ports.ids.uuid();
    this.#work = work;
    this.#view = newTurn({ id: this.turnId });
    this.diff = new TurnDiff({ root: settings.cwd, sha1: ports.host.sha1 });
    this.output = new TurnOutput({
      events: ports.events,
      clock: ports.clock,
      threadId,
      turnId: this.turnId,
      starter,
      signal: this.#interrupt.signal,
      onCompleted: (item) => thread.record({ type: 'item', turnId: this.turnId, item }),
    });
  }

  // ---- What the thread sees ---------------------------------------------------------------------------------------------

  /** True while the turn can still take more input, or be interrupted. */
  get isOpen(): boolean {
    return this.#phase === 'waiting' || this.#phase === 'running';
  }

  get isEnded(): boolean {
    return this.#phase === 'ended';
  }

  /** Why input cannot join the turn; undefined where it can. */
  get notSteerable(): TurnWork['notSteerable'] {
    return this.#work.notSteerable;
  }

  /** The turn as it stands, with all its items. */
  get full(): TurnView {
    return { ...this.#view, items: this.output.items.all(), itemsView: 'full' };
  }

  /** The turn without its items. */
  get outline(): TurnView {
    return this.#view;
  }

  /** Adds input to the work of an open turn, see {@link TurnWork.steer}. */
  steer(input: TurnInput): Steered {
    return this.#work.steer(input);
  }

  /**
   * Runs something beside the work of an open turn, and beyond it. The turn does not end before it has started, and when it is
   * interrupted not before it has ended. False when too much runs; then nothing was done.
   */
  beside(task: SideTask): boolean {
    if (this.#beside.size >= LIMITS.userShells) return false;
    return this.thread.tasks.spawn('beside the turn', () => this.#runBeside(task)) === 'spawned';
  }

  /** Ends the turn as soon as possible. `onEnding` is called right before anybody sees that it ended. Idempotent. */
  interrupt(onEnding?: () => void): void {
    if (onEnding !== undefined) this.#onEnding.push(onEnding);
    this.#interrupt.abort(INTERRUPTED);
  }

  /** Runs the turn to its end. Never rejects. */
  async run(): Promise<void> {
    this.#phase = 'running';
    this.#startedAtMs = this.ports.clock.now();
    this.#view = { ...this.#view, startedAt: Math.floor(this.#startedAtMs / 1_000) };
    const ended = this.#begin()
      .then(() => this.#work.run(this))
      .then(
        (): TurnEnd => ({ status: 'completed', error: null }),
        (error: unknown) => endOf(this, error),
      )
      .then((end) => this.#finish(end));
    try {
      await unlessAborted(this.thread.hurry, ended);
    } catch (error) {
      // Something hangs beyond the time of a shutdown, or broke where nothing may: the end is told all the same (SD-4).
      await yieldToMacrotask();
      this.#tell(endOf(this, error), this.#times());
    }
  }

  // ---- What work, rounds and tools are lent ------------------------------------------------------------------------------

  get ports(): TurnContext['ports'] {
    return this.thread.ports;
  }
  get settings(): TurnContext['settings'] {
    return this.thread.settings;
  }
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }
  get status(): TurnContext['status'] {
    return this.thread.status;
  }
  get agenda(): TurnContext['agenda'] {
    return this.thread.agenda;
  }
  get approvals(): TurnContext['approvals'] {
    return this.thread.approvals;
  }
  get terminals(): TurnContext['terminals'] {
    return this.thread.terminals;
  }
  get tools(): TurnContext['tools'] {
    return this.thread.tools;
  }
  get features(): TurnContext['features'] {
    return this.thread.features;
  }
  get history(): readonly ResponseItem[] {
    return this.thread.history.items;
  }

  cancel(): void {
    this.#interrupt.abort(INTERRUPTED);
  }

  close(): void {
    if (this.#phase === 'running') this.#phase = 'ending';
  }

  reportFault(error: unknown): void {
    this.thread.reportFault(error);
  }

  remember(...items: readonly ResponseItem[]): void {
    this.thread.history.append(...items);
    for (const item of items) this.thread.record({ type: 'response', item });
  }

  async account(usage: TokenUsageBreakdown | null): Promise<void> {
    if (usage !== null) {
      this.agenda.goal?.account(this.turnId, usage);
      await this.showUsage(this.thread.account.add(usage));
    }
    await this.showDiff();
  }

  async repeatUsage(): Promise<void> {
    const { account } = this.thread;
    if (account.hasUsage) await this.showUsage(account.current);
  }

  async showUsage(tokenUsage: ThreadTokenUsage): Promise<void> {
    const { threadId, turnId } = this;
    this.thread.record({ type: 'usage', turnId, usage: tokenUsage });
    await this.output.emit('thread/tokenUsage/updated', { threadId, turnId, tokenUsage });
  }

  async closeStreamed(): Promise<void> {
    const streamed = this.output.items.open().filter(({ type }) => STREAMED.has(type));
    for (const item of streamed) await this.output.completed(item);
  }

  async showDiff(): Promise<void> {
    const { threadId, turnId } = this;
    const diff = this.diff.render();
    if (diff !== '') await this.output.emit('turn/diff/updated', { threadId, turnId, diff });
  }

  // ---- From start to end --------------------------------------------------------------------------------------------------

  async #begin(): Promise<void> {
    const { threadId, turnId } = this;
    this.status.enter('active');
    await this.output.emit('turn/started', { threadId, turn: this.#view });
    await unlessAborted(this.thread.hurry, this.thread.openLog());
    this.thread.record({ type: 'turnStarted', turnId, startedAt: this.#view.startedAt ?? 0 });
  }

  async #runBeside(task: SideTask): Promise<void> {
    const started = task.start();
    const run = { started, ended: started.then(() => task.end()) };
    this.#beside.add(run);
    try {
      await run.ended;
    } finally {
      this.#beside.delete(run);
    }
  }

  async #finish(wanted: TurnEnd): Promise<void> {
    this.close();
    const beside = [...this.#beside].map(({ started, ended }) => (this.signal.aborted ? ended : started));
    await Promise.allSettled(beside);
    const times = this.#times();
    this.#tell(await settleTurn(this, wanted, times), times);
  }

  /** Says that the turn has ended, once. */
  #tell({ status, error }: TurnEnd, times: EndTimes): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#view = { ...this.#view, status, error, ...times };
    for (const callback of this.#onEnding) callback();
    if (status !== 'failed') this.status.enter('idle');
    const last = status === 'completed' ? this.output.items.lastAgentMessage() : undefined;
    this.output.ended(
      last === undefined ? this.#view : { ...this.#view, items: [last], itemsView: 'summary' },
    );
  }

  #times(): EndTimes {
    const completedAtMs = this.ports.clock.now();
    const durationMs = Math.max(0, completedAtMs - this.#startedAtMs);
    return { completedAt: Math.floor(completedAtMs / 1_000), durationMs };
  }
}
