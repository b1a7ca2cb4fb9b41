import { createDeferred, type Deadline, TaskGroup } from '@millrace/channel';
import { newTurn, type Thread as ThreadView, type Turn as TurnView } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { Approvals } from './approvals.js';
import { Conversation } from './conversation.js';
import { History } from './history.js';
import { reportLateEnd } from './late-end.js';
import { type McpConfiguration, McpServers } from './mcp-servers.js';
import { ModelWarning } from './model-warning.js';
import type { ThreadLog, TurnStarter } from './ports.js';
import { ReadStateTracker } from './read-state.js';
import type { ResponseItem } from './response-item.js';
import { restoreThread } from './restore-thread.js';
import { describeSettings, override, type Settings } from './settings.js';
import { ShellCommandWork } from './shell-command-work.js';
import type { Submission, Submitted } from './submission.js';
import { Terminals } from './terminals.js';
import { ThreadAgenda } from './thread-agenda.js';
import type { ThreadContext } from './thread-context.js';
import { ThreadJournal } from './thread-journal.js';
import { ThreadMailbox } from './thread-mailbox.js';
import { type ProfileRecord, ThreadProfile } from './thread-profile.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import type { StoredThread } from './thread-replay.js';
import { ThreadStatusTracker } from './thread-status.js';
import type { ThreadSummary } from './thread-summary.js';
import { ThreadTurns } from './thread-turns.js';
import { describeThread } from './thread-view.js';
import { TokenAccount } from './token-usage.js';
import { BUILT_IN_TOOLS } from './tools/built-in-tools.js';
import { clientTools } from './tools/client-tools.js';
import { ThreadTools } from './tools/thread-tools.js';
import { Turn } from './turn.js';
import type { ThreadFeatures } from './turn-context.js';
import type { Steered, TurnWork } from './turn-work.js';
import type { TurnInput } from './user-input.js';
import { type ShellCommand, UserShell } from './user-shell.js';

export interface ThreadOptions {
  readonly ports: AgentPorts;
  readonly meta: ThreadMeta;
  readonly settings: Settings;
  readonly features: ThreadFeatures;
  readonly mcpServers: McpConfiguration;
  /** True when nothing is ever written to disk. */
  readonly isEphemeral: boolean;
  /** What the thread was when it was last loaded, and its log. Absent for one that begins. */
  readonly restored?: { readonly stored: StoredThread; readonly log: ThreadLog | undefined };
  readonly onFault: (error: unknown) => void;
}

/**
 * A conversation: one mailbox, at most one active turn.
 *
 * Submissions are taken in order. One that arrives while a turn runs joins it; one that arrives while a turn is ending waits until it
 * has ended, and then starts the next.
 */
export class Thread implements ThreadContext {
  readonly ports: AgentPorts;
  readonly threadId: string;
  readonly isEphemeral: boolean;
  readonly features: ThreadFeatures;
  readonly history = new History();
  readonly account: TokenAccount;
  readonly turns: ThreadTurns;
  readonly status: ThreadStatusTracker;
  readonly readState: ReadStateTracker | undefined;
  readonly approvals: Approvals;
  readonly terminals: Terminals;
  readonly mcp: McpServers;
  readonly agenda: ThreadAgenda;
  readonly tools: ThreadTools;
  readonly tasks: TaskGroup;
  readonly #profile: ThreadProfile;
  readonly #journal: ThreadJournal;
  readonly #onFault: (error: unknown) => void;
  readonly #hurry = new AbortController();
  readonly #mailbox = new ThreadMailbox<Submitted>();
  readonly #modelWarning = new ModelWarning();
  #settings: Settings;
  #isDraining = false;

  constructor(options: ThreadOptions) {
    const { ports, meta, settings, restored } = options;
    this.ports = ports;
    this.threadId = meta.id;
    this.features = options.features;
    this.turns = new ThreadTurns(ports.clock);
    this.account = new TokenAccount(options.features.contextWindow);
    this.status = new ThreadStatusTracker(ports.events, meta.id);
    this.readState = options.isEphemeral ? undefined : new ReadStateTracker(meta.id, ports.ids);
    this.approvals = new Approvals({
      ports,
      record: (record) => this.record(record),
      sync: () => this.sync(),
      reportFault: (error) => this.reportFault(error),
    });
    this.#profile = new ThreadProfile(meta, restored?.stored);
    this.#journal = new ThreadJournal(options.isEphemeral ? undefined : ports.store, restored?.log);
    this.#settings = settings;
    this.mcp = new McpServers(this, options.mcpServers);
    this.tools = new ThreadTools([BUILT_IN_TOOLS, this.mcp, clientTools(meta.dynamicTools ?? [])]);
    this.isEphemeral = options.isEphemeral;
    this.agenda = new ThreadAgenda(this, options.isEphemeral);
    this.#onFault = options.onFault;
    this.tasks = new TaskGroup({ onFailure: ({ error }) => this.reportFault(error) });
    this.terminals = new Terminals({
      ids: ports.ids,
      tasks: this.tasks,
      onLateEnd: (terminal, item) => reportLateEnd(this, terminal.turnId, item),
    });
    if (restored !== undefined) restoreThread(this, restored.stored);
    this.tasks.spawn('mailbox', () => this.#mailbox.read(() => this.turns.ending));
  }

  get settings(): Settings {
    return this.#settings;
  }
  /** True once something of it is in the store. */
  get isKept(): boolean {
    return this.#journal.isOpen;
  }
  /** True when nothing more of it could be kept, because a sync has failed (TS-6). */
  get isReadOnly(): boolean {
    return this.#journal.isReadOnly;
  }
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  // ---- What clients do with it --------------------------------------------------------------------------------------------

  /**
   * Starts a turn, or adds to the one that runs. Waits while a turn is ending. Rejects where a port fails; then nothing was
   * started.
   */
  submit({ input, overrides, starter }: Submission): Promise<Submitted> {
    return this.#post(() => {
      const open = this.turns.open;
      const refusal = this.#refusal(open, input);
      if (refusal !== undefined) return refusal;
      if (this.override(overrides)) this.announceSettings();
      this.#profile.touch(this.ports.clock.now(), input);
      if (open !== undefined) return { type: 'steered', turn: newTurn({ id: open.turnId }) };
      return this.#start(new Conversation(input), starter);
    });
  }

  /**
   * Starts a turn of its own; `'busy'` while another one runs. Waits while a turn is ending.
   *
   * @param find Called when nothing else runs, in the tick in which the turn takes the thread: undefined where the work has gone meanwhile.
   */
  startWork(find: () => TurnWork | undefined, starter: TurnStarter | undefined): Promise<Submitted> {
    return this.#post(() => {
      const { open } = this.turns;
      if (open !== undefined) return { type: 'busy', notSteerable: open.notSteerable };
      const refusal = this.#refusal(undefined);
      if (refusal !== undefined) return refusal;
      const work = find();
      return work === undefined ? { type: 'refused', reason: 'gone' } : this.#start(work, starter);
    });
  }

  /** Interrupts the turn that runs, and starts one of its own when that has ended. Nothing else is started in between. */
  replaceWork(work: TurnWork, starter: TurnStarter): Promise<Submitted> {
    const start = (): Submitted => this.#refusal(undefined) ?? this.#start(work, starter);
    return this.#post(start, async () => {
      if (this.#refusal(undefined) === undefined) await this.turns.interruptActive();
    });
  }

  /** Runs a command line of the user in the running turn, whatever that is about, or in a turn of its own. */
  runShell(command: ShellCommand, starter: TurnStarter): Promise<Submitted> {
    return this.#post(() => {
      const open = this.turns.open;
      const refusal = this.#refusal(undefined);
      if (refusal !== undefined) return refusal;
      if (open === undefined) return this.#start(new ShellCommandWork(command), starter);
      if (!open.beside(new UserShell(command, open))) return { type: 'refused', reason: 'full' };
      return { type: 'steered', turn: newTurn({ id: open.turnId }) };
    });
  }

  /** Does what is on the agenda, once nothing else is to do. */
  goOn(): void {
    if (this.agenda.next() === undefined || !this.#mailbox.isOpen) return;
    this.tasks.spawn('agenda', async () => {
      const submitted = await this.startWork(() => this.agenda.next(), undefined);
      if (submitted.type === 'started') submitted.begin();
    });
  }

  /** Adds to the running turn if it is the expected one and takes input. Returns what is wrong otherwise. */
  steer(expectedTurnId: string, input: TurnInput): Steered | { readonly activeTurnId: string | undefined } {
    const turn = this.turns.open;
    if (turn === undefined || turn.turnId !== expectedTurnId || turn.notSteerable !== undefined) {
      return { activeTurnId: turn?.turnId };
    }
    return turn.steer(input);
  }

  /** Takes down what a client says about the thread. Resolves when that is on disk: at once before the first turn, with which it is kept. */
  amend(record: ProfileRecord): Promise<void> {
    this.#profile.apply(record);
    this.record(record);
    return this.sync();
  }

  /** Changes what it runs with from now on. Returns whether anything changed; then somebody has to announce it. */
  override(overrides: Partial<Settings>): boolean {
    const settings = override(this.#settings, overrides);
    if (settings === this.#settings) return false;
    this.#settings = settings;
    this.record({ type: 'settings', settings });
    return true;
  }

  /** Tells the subscribers what it runs with. */
  announceSettings(): void {
    const { threadId } = this;
    const threadSettings = describeSettings(this.#settings);
    this.ports.events.emit(threadId, 'thread/settings/updated', { threadId, threadSettings });
  }

  // ---- What clients see of it ---------------------------------------------------------------------------------------------

  /** What lists show of the thread, as it is now. */
  get summary(): ThreadSummary {
    return {
      ...this.#profile.summary,
      settings: this.#settings,
      readState: this.readState?.current,
    };
  }

  /** The thread as clients see it, with the given turns. */
  view(turns: readonly TurnView[] = []): ThreadView {
    const { summary } = this;
    return describeThread(summary, {
      ephemeral: this.isEphemeral,
      status: this.status.current,
      path: this.isEphemeral ? null : this.ports.store.pathOf(summary.meta),
      ...this.ports.sections.sectionOf(this.threadId),
      turns: [...turns],
    });
  }

  // ---- What turns are lent ------------------------------------------------------------------------------------------------

  openLog(): Promise<void> {
    return this.#journal.open(this.#profile.summary.meta, () => this.#profile.openingRecords(this.#settings));
  }

  record(record: ThreadRecord): void {
    this.#journal.record(record);
  }

  sync(): Promise<void> {
    return this.#journal.sync();
  }

  tell(item: ResponseItem): void {
    if (this.turns.active !== undefined) this.history.defer(item);
    else {
      this.history.append(item);
      this.record({ type: 'response', item });
    }
  }

  reportFault(error: unknown): void {
    this.#onFault(error);
  }

  // ---- The end --------------------------------------------------------------------------------------------------------------

  /** Begins no more turns; the one that runs can still be steered and asked. Resolves when it has ended. Idempotent. */
  drain(): Promise<void> {
    this.#isDraining = true;
    return this.turns.activeEnded;
  }

  /**
   * Interrupts the running turn, kills every command, and closes the log. Bounded by the deadline: what hangs is left behind.
   * Idempotent.
   */
  async shutdown(deadline: Deadline): Promise<void> {
    this.#mailbox.close();
    const ended = [this.turns.interruptActive(), this.terminals.killAll(), this.mcp.close()];
    await deadline.race(Promise.all(ended));
    this.#hurry.abort(new Error('the thread is shutting down'));
    this.tasks.close();
    await deadline.race(this.tasks.settled());
    await deadline.race(this.#journal.close());
  }

  // ---- Inside ---------------------------------------------------------------------------------------------------------------

  async #post(open: () => Submitted, prepare?: () => Promise<void>): Promise<Submitted> {
    const answer = await this.#mailbox.post(open, prepare);
    return typeof answer === 'string' ? { type: 'refused', reason: answer } : answer;
  }

  /** Why nothing can be begun or added now; undefined when it can, and then the open turn has the input. */
  #refusal(open: Turn | undefined, input?: TurnInput): Submitted | undefined {
    if (this.hurry.aborted || !this.#mailbox.isOpen) return { type: 'refused', reason: 'closed' };
    if (this.#journal.isReadOnly) return { type: 'refused', reason: 'readOnly' };
    if (open === undefined && this.#isDraining) return { type: 'refused', reason: 'draining' };
    if (open === undefined || input === undefined) return undefined;
    const { notSteerable } = open;
    if (notSteerable !== undefined) return { type: 'busy', notSteerable };
    const steered = open.steer(input);
    return steered === 'taken' ? undefined : { type: 'refused', reason: steered };
  }

  #start(work: TurnWork, starter: TurnStarter | undefined): Submitted {
    const turn = new Turn(this, work, starter);
    const begun = createDeferred<void>();
    this.turns.begin(turn, this.#run(turn, begun.promise));
    this.agenda.turnStarted(work);
    this.#profile.touch(this.ports.clock.now(), work.input);
    this.#modelWarning.give(this.threadId, this.#settings, this.ports);
    return { type: 'started', turn: turn.outline, begin: () => begun.resolve() };
  }

  async #run(turn: Turn, begun: Promise<void>): Promise<void> {
    await begun;
    await turn.run();
    this.#profile.touch(this.ports.clock.now());
    this.turns.end();
    this.agenda.turnEnded(turn.outline.status);
    this.goOn();
  }
}
