import { LIMITS, type ThreadGoal, type TokenUsageBreakdown } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { changedGoal, type GoalChange, withinBudget } from './goal-change.js';
import type { ThreadRecord } from './thread-record.js';

/** What a goal is lent by its thread. */
export interface GoalHost {
  readonly threadId: string;
  readonly ports: AgentPorts;
  record(record: ThreadRecord): void;
}

/** The goal of a thread: what it works towards, what that has cost, and whether it goes on by itself. */
export class GoalTracker {
  readonly #host: GoalHost;
  #current: ThreadGoal | null = null;
  /** Monotonic milliseconds up to which the time is counted; undefined while no turn runs. */
  #countedTo: number | undefined;
  /** Milliseconds that do not make a second yet. */
  #restMs = 0;
  /** Whether there was an active goal when the response that is awaited was asked for: that one is part of its cost, also its last. */
  #countsResponse = false;
  #turnsInARow = 0;

  constructor(host: GoalHost) {
    this.#host = host;
  }

  get current(): ThreadGoal | null {
    return this.#current;
  }

  get isActive(): boolean {
    return this.#current?.status === 'active';
  }

  /** Takes over the goal that was read from disk. */
  restore(goal: ThreadGoal | null): void {
    this.#current = goal;
  }

  /** Why a change would be refused; undefined where it would not. */
  refusal(change: GoalChange): string | undefined {
    const goal = this.#changed(change);
    return typeof goal === 'string' ? goal : undefined;
  }

  /** Changes the goal; a text says why not. Whoever asked tells others with {@link announce}. */
  change(change: GoalChange): ThreadGoal | string {
    this.#count();
    const goal = this.#changed(change);
    return typeof goal === 'string' ? goal : this.#keep(goal);
  }

  /** Returns whether there was one. */
  clear(): boolean {
    if (this.#current === null) return false;
    this.#current = null;
    this.#restMs = 0;
    this.#host.record({ type: 'goal', goal: null });
    return true;
  }

  /** Tells the subscribers what the goal is now; nothing where there is none. */
  announce(turnId: string | null): void {
    const { threadId, ports } = this.#host;
    const goal = this.#current;
    if (goal !== null) ports.events.emit(threadId, 'thread/goal/updated', { threadId, turnId, goal });
  }

  /** Somebody looks: from here on the turns that it starts by itself are counted anew. Not for the model to say. */
  watched(): void {
    this.#turnsInARow = 0;
  }

  /** A turn begins; `isOwn` where the goal started it. One that goes round in circles is paused. */
  turnStarted(isOwn: boolean): void {
    this.#countedTo = this.#host.ports.clock.monotonic();
    this.#countsResponse = this.isActive;
    this.#turnsInARow = isOwn ? this.#turnsInARow + 1 : 0;
  }

  /** A response of the model is whole, and its tools have run. Tokens that a provider had in its cache are not counted. */
  account(turnId: string, { inputTokens, cachedInputTokens, outputTokens }: TokenUsageBreakdown): void {
    this.#count();
    const counts = this.#countsResponse;
    this.#countsResponse = this.isActive;
    if (this.#current === null || !counts) return;
    const tokensUsed = this.#current.tokensUsed + inputTokens - cachedInputTokens + outputTokens;
    this.#keep(withinBudget({ ...this.#withTime(this.#current), tokensUsed }));
    this.announce(turnId);
  }

  /** A turn has ended. A goal is not pursued over a failure, nor for ever without anybody looking. */
  turnEnded(turnId: string, status: 'completed' | 'interrupted' | 'failed', isUsageLimit: boolean): void {
    this.#count();
    this.#countedTo = undefined;
    if (this.#current === null || !this.isActive) return;
    if (status === 'failed') this.#enter(isUsageLimit ? 'usageLimited' : 'blocked', turnId);
    else if (this.#turnsInARow >= LIMITS.goalTurnsInARow) this.#enter('paused', turnId);
  }

  #changed(change: GoalChange): ThreadGoal | string {
    return changedGoal(this.#current, change, { threadId: this.#host.threadId, now: this.#now() });
  }

  #enter(status: ThreadGoal['status'], turnId: string): void {
    if (this.#current === null) return;
    this.#keep({ ...this.#current, status });
    this.announce(turnId);
  }

  #keep(goal: ThreadGoal): ThreadGoal {
    this.#current = { ...goal, updatedAt: this.#now() };
    this.#host.record({ type: 'goal', goal: this.#current });
    return this.#current;
  }

  /** Unix time in seconds. */
  #now(): number {
    return Math.floor(this.#host.ports.clock.now() / 1_000);
  }

  #withTime(goal: ThreadGoal): ThreadGoal {
    const seconds = Math.floor(this.#restMs / 1_000);
    this.#restMs -= seconds * 1_000;
    return { ...goal, timeUsedSeconds: goal.timeUsedSeconds + seconds };
  }

  /** Counts the time of a running turn up to now; only that in which there was an active goal. */
  #count(): void {
    if (this.#countedTo === undefined) return;
    const now = this.#host.ports.clock.monotonic();
    if (this.isActive) this.#restMs += now - this.#countedTo;
    this.#countedTo = now;
  }
}
