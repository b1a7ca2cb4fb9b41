import { yieldToMacrotask } from '@millrace/channel';
import {
  LIMITS,
  newTurn,
  newTurnError,
  newUserMessage,
  type ThreadReadState,
  type ThreadTokenUsage,
  type TokenUsageBreakdown,
  type TurnError,
  type Turn as TurnView,
} from '@millrace/protocol';
import { abortedContext, openingContext } from './environment-context.js';
import { Interruptible } from './interruptible.js';
import { ModelRound, type RoundContext } from './model-round.js';
import { ModelError, StoreError, type TurnStarter } from './ports.js';
import type { ResponseItem } from './response-item.js';
import type { ThreadContext } from './thread-context.js';
import type { TurnContext } from './turn-context.js';
import { TurnDiff } from './turn-diff.js';
import { TurnOutput } from './turn-output.js';
import { type TurnInput, toModelContent } from './user-input.js';

/** How a turn ended. */
type TurnEnd =
  | { readonly status: 'completed' | 'interrupted'; readonly error: null }
  | { readonly status: 'failed'; readonly error: TurnError };

interface EndTimes {
  /** Unix time in seconds. */
  readonly completedAt: number;
  readonly durationMs: number;
}

const INTERRUPTED = new Error('the turn was interrupted');

/**
 * One user input up to its end: model → items → tools → model …, until the model asks for no more tools and the user has said
 * nothing more.
 *
 * `waiting → running → ending → ended`. It ends exactly once, whatever happens inside, and says so with `turn/completed` after
 * everything before it is on disk.
 */
export class Turn implements RoundContext {
  readonly turnId: string;
  readonly threadId: string;
  readonly output: TurnOutput;
  readonly diff: TurnDiff;
  readonly outputSchema: unknown;
  readonly #thread: ThreadContext;
  readonly #interrupt = new AbortController();
  /** Input that the model has not seen yet. */
  readonly #pending: TurnInput[];
  readonly #onEnding: (() => void)[] = [];
  #round: ModelRound | undefined;
  #phase: 'waiting' | 'running' | 'ending' | 'ended' = 'waiting';
  #view: TurnView;
  #startedAtMs = 0;

  constructor(thread: ThreadContext, input: TurnInput, starter: TurnStarter, outputSchema: unknown) {
    const { ports, threadId, settings } = thread;
    this.#thread = thread;
    this.threadId = threadId;
    this.turnId = ports.ids.uuid();
    this.outputSchema = outputSchema;
    this.#pending = [input];
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

  /** The turn as it stands, with all its items. */
  get full(): TurnView {
    return { ...this.#view, items: this.output.items.all(), itemsView: 'full' };
  }

  /** The turn without its items. */
  get outline(): TurnView {
    return this.#view;
  }

  /** Adds input: what the model is saying is cut short, running tools are waited for. `'full'` when too much waits already. */
  steer(input: TurnInput): 'taken' | 'full' {
    if (this.#pending.length >= LIMITS.threadMailbox) return 'full';
    this.#pending.push(input);
    this.#round?.cutShort();
    return 'taken';
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
    const ended = this.#converse()
      .then(
        (): TurnEnd => ({ status: 'completed', error: null }),
        (error: unknown) => this.#endOf(error),
      )
      .then((end) => this.#finish(end));
    try {
      await this.#unlessHurried(ended);
    } catch (error) {
      // Something hangs beyond the time of a shutdown, or broke where nothing may: the end is told all the same (SD-4).
      await yieldToMacrotask();
      this.#tell(this.#endOf(error), this.#times());
    }
  }

  // ---- What rounds and tools are lent ------------------------------------------------------------------------------------

  get ports(): TurnContext['ports'] {
    return this.#thread.ports;
  }
  get settings(): TurnContext['settings'] {
    return this.#thread.settings;
  }
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }
  get status(): TurnContext['status'] {
    return this.#thread.status;
  }
  get approvals(): TurnContext['approvals'] {
    return this.#thread.approvals;
  }
  get terminals(): TurnContext['terminals'] {
    return this.#thread.terminals;
  }
  get features(): TurnContext['features'] {
    return this.#thread.features;
  }
  get history(): readonly ResponseItem[] {
    return this.#thread.history.items;
  }

  cancel(): void {
    this.#interrupt.abort(INTERRUPTED);
  }

  reportFault(error: unknown): void {
    this.#thread.reportFault(error);
  }

  remember(...items: readonly ResponseItem[]): void {
    this.#thread.history.append(...items);
    for (const item of items) this.#thread.record({ type: 'response', item });
  }

  async account(usage: TokenUsageBreakdown | null): Promise<void> {
    if (usage !== null) await this.#showUsage(this.#thread.account.add(usage));
    await this.showDiff();
  }

  async #showUsage(tokenUsage: ThreadTokenUsage): Promise<void> {
    const { threadId, turnId } = this;
    this.#thread.record({ type: 'usage', turnId, usage: tokenUsage });
    await this.output.emit('thread/tokenUsage/updated', { threadId, turnId, tokenUsage });
  }

  async closeStreamed(): Promise<void> {
    const streamed = this.output.items
      .open()
      .filter(({ type }) => type === 'agentMessage' || type === 'reasoning');
    for (const item of streamed) await this.output.completed(item);
  }

  async showDiff(): Promise<void> {
    const diff = this.diff.render();
    if (diff !== '')
      await this.output.emit('turn/diff/updated', { threadId: this.threadId, turnId: this.turnId, diff });
  }

  // ---- The conversation ---------------------------------------------------------------------------------------------------

  async #converse(): Promise<void> {
    const { threadId, turnId } = this;
    this.status.enter('active');
    await this.output.emit('turn/started', { threadId, turn: this.#view });
    await this.#unlessHurried(this.#thread.openLog());
    this.#thread.record({ type: 'turnStarted', turnId, startedAt: this.#view.startedAt ?? 0 });
    for (let rounds = 0; rounds < LIMITS.modelCallsPerTurn; rounds++) {
      await this.#takeInput();
      this.#round = new ModelRound(this);
      const wantsMore = await this.#round.run();
      this.#round = undefined;
      if (this.signal.aborted) throw INTERRUPTED;
      if (wantsMore || this.#pending.length > 0) continue;
      this.#phase = 'ending'; // In the same tick as the check: input that comes later starts a turn of its own.
      return;
    }
    const message = `the turn asked the model ${LIMITS.modelCallsPerTurn} times without coming to an end`;
    throw new ModelError(message, { info: 'other', retryable: false });
  }

  /** Shows and records what the user said since the last round. */
  async #takeInput(): Promise<void> {
    if (this.#thread.history.isEmpty) this.remember(...openingContext(this.settings, this.ports));
    for (let input = this.#pending.shift(); input !== undefined; input = this.#pending.shift()) {
      const { content, clientId } = input;
      if (content.length === 0) continue;
      const item = newUserMessage({
        id: this.ports.ids.uuid(),
        startedAtMs: this.output.now(),
        content,
        clientId,
      });
      await this.output.started(item);
      await this.output.completed(item);
      this.remember({
        type: 'message',
        role: 'user',
        id: `msg_${item.id}`,
        content: await toModelContent(content, this.ports),
      });
      if (this.signal.aborted) throw INTERRUPTED;
    }
  }

  // ---- The end --------------------------------------------------------------------------------------------------------------

  #endOf(error: unknown): TurnEnd {
    if (this.signal.aborted) return { status: 'interrupted', error: null };
    return { status: 'failed', error: this.#describe(error) };
  }

  #describe(error: unknown): TurnError {
    if (error instanceof ModelError)
      return newTurnError({ message: error.message, codexErrorInfo: error.info });
    if (error instanceof StoreError) {
      return newTurnError({
        message: `the thread could not be saved: ${error.message}`,
        codexErrorInfo: 'other',
      });
    }
    this.reportFault(error);
    return newTurnError({ message: 'the turn failed inside the server', codexErrorInfo: 'other' });
  }

  async #finish(wanted: TurnEnd): Promise<void> {
    this.#phase = 'ending';
    await this.#closeItems();
    if (wanted.error?.codexErrorInfo === 'contextWindowExceeded') {
      await this.#showUsage(this.#thread.account.fillWindow());
    }
    if (wanted.status === 'interrupted') {
      this.remember(...this.#thread.history.missingOutputs(), abortedContext(this.ports));
    }
    const times = this.#times();
    const readState = this.#hasNews(wanted) ? this.#addUnread() : undefined;
    const end = await this.#save(wanted, times);
    if (end.status === 'failed') {
      this.status.enter('systemError');
      const { threadId, turnId } = this;
      await this.output.emit('error', { error: end.error, willRetry: false, threadId, turnId });
    }
    if (readState !== undefined) {
      await this.output.emit('thread/readState/changed', { threadId: this.threadId, readState });
    }
    this.#tell(end, times);
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

  /** Whether the turn left something to read: an answer, or its failure. */
  #hasNews({ status }: TurnEnd): boolean {
    if (status !== 'completed') return status === 'failed';
    return this.output.items.all().some(({ type }) => type !== 'userMessage');
  }

  #addUnread(): ThreadReadState | undefined {
    const readState = this.#thread.readState?.addUnread(this.turnId);
    if (readState !== undefined) this.#thread.record({ type: 'readState', readState });
    return readState;
  }

  /** Open items are completed before the end, but for the commands that the model left running on purpose. */
  async #closeItems(): Promise<void> {
    for (const item of this.output.items.open()) {
      if (this.terminals.isRunning(item.id)) continue;
      const isAction = item.type === 'commandExecution' || item.type === 'fileChange';
      await this.output.completed(isAction ? { ...item, status: 'failed' } : item);
    }
  }

  /** Everything of the turn is on disk before anybody is told that it ended (TS-1 before EV-2). */
  async #save(end: TurnEnd, times: EndTimes): Promise<TurnEnd> {
    this.#thread.record({ type: 'turnEnded', turnId: this.turnId, ...end, ...times });
    try {
      await this.#unlessHurried(this.#thread.sync());
      return end;
    } catch (error) {
      return { status: 'failed', error: this.#describe(error) };
    }
  }

  /** What even an interrupt waits for, such as the store, is waited for until the time of a shutdown is over. */
  async #unlessHurried(work: Promise<void>): Promise<void> {
    const interruptible = new Interruptible(this.#thread.hurry);
    try {
      await interruptible.wait(work);
    } finally {
      interruptible.release();
    }
  }
}
