import type { QueuedSubmission, ThreadGoal, Turn as TurnView } from '@millrace/protocol';
import { GoalTurn } from './goal-turn.js';
import { QueuedTurn } from './queued-turn.js';
import { foldQueue, type QueueRecord } from './submission-queue.js';
import { type GoalHost, GoalTracker } from './thread-goal.js';
import type { TurnWork } from './turn-work.js';

/**
 * What a thread does by itself when it has nothing else to do: first the submissions of its queue, one turn each, then its goal.
 *
 * An interrupt stops both until the next turn has ended otherwise: what was queued waits, and the goal is not pursued. The same holds
 * after the thread was loaded.
 */
export class ThreadAgenda {
  readonly #host: GoalHost;
  /** Undefined for an ephemeral thread. */
  readonly goal: GoalTracker | undefined;
  #queue: readonly QueuedSubmission[] = [];
  #isQueuePaused = false;
  #isGoalPaused = false;
  #hasGivenBack = false;

  constructor(host: GoalHost, isEphemeral: boolean) {
    this.#host = host;
    this.goal = isEphemeral ? undefined : new GoalTracker(host);
  }

  /** Submissions that wait, the next one first. At most `LIMITS.queuedSubmissions`: whoever adds looks at that. */
  get queue(): readonly QueuedSubmission[] {
    return this.#queue;
  }

  /** Takes over what was read from disk. */
  restore(stored: { readonly queue: readonly QueuedSubmission[]; readonly goal: ThreadGoal | null }): void {
    this.#queue = stored.queue;
    this.goal?.restore(stored.goal);
    this.#pause();
  }

  /** Changes the queue and its log. Whoever asked tells others. */
  amendQueue(record: QueueRecord): void {
    this.#host.record(record);
    this.#setQueue(foldQueue(this.#queue, record));
  }

  /** Somebody wants the thread to go on towards its goal. */
  resumeGoal(): void {
    this.#isGoalPaused = false;
    this.goal?.watched();
  }

  /** The work that comes next; undefined where there is none. Nothing changes before it begins. */
  next(): TurnWork | undefined {
    const [submission] = this.#queue;
    if (submission !== undefined && !this.#isQueuePaused) return new QueuedTurn(submission);
    return this.goal?.isActive === true && !this.#isGoalPaused ? new GoalTurn() : undefined;
  }

  /** A turn begins, about whatever. A submission is not in the queue any more from now on, so that nobody can begin it again. */
  turnStarted(work: TurnWork): void {
    this.goal?.turnStarted(work instanceof GoalTurn);
    if (!(work instanceof QueuedTurn)) return;
    this.#setQueue(this.#queue.filter(({ id }) => id !== work.submission.id));
    this.#announceQueue();
  }

  /**
   * The turn of a submission ends before anybody saw the input. It is the next one again, but not at once: what failed before it began
   * would do so for ever.
   */
  giveBack(submission: QueuedSubmission): void {
    this.#setQueue([submission, ...this.#queue]);
    this.#hasGivenBack = true;
    this.#announceQueue();
  }

  /** A turn has ended, whoever began it. */
  turnEnded(status: TurnView['status']): void {
    this.#isQueuePaused = false;
    this.#isGoalPaused = false;
    if (status === 'interrupted' || this.#hasGivenBack) this.#pause();
    this.#hasGivenBack = false;
  }

  #pause(): void {
    this.#isQueuePaused = this.#queue.length > 0;
    this.#isGoalPaused = true;
  }

  /** What is added to an empty queue does not wait for what an interrupt stopped. */
  #setQueue(queue: readonly QueuedSubmission[]): void {
    this.#queue = queue;
    this.#isQueuePaused &&= queue.length > 0;
  }

  #announceQueue(): void {
    const { threadId, ports } = this.#host;
    ports.events.emit(threadId, 'thread/queue/changed', { threadId });
  }
}
