import { type Clock, createDeferred, Deadline } from '@millrace/channel';
import {
  type ClientRequestMethod,
  LIMITS,
  type RequestParams,
  type RequestResult,
  type Turn,
} from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import { TransportError } from './errors.js';
import { EventStream } from './event-stream.js';
import type { RunLink } from './link.js';
import { readTurnState, type TurnState } from './turn-state.js';
import { watchTurn } from './turn-watch.js';

/** How long a run may take, and what ends it early. */
export interface RunOptions {
  /** Aborted, the turn is interrupted and its end awaited; a run that has not begun rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds without any event of the turn after which the server is asked about it; 90,000 by default, 0 means never. A turn that
   * waits for an answer, a command or a tool goes on; one that was over is; any other is interrupted, and `completed` rejects
   * (`TimedOut`).
   */
  readonly inactivityMs?: number | undefined;
  /** Milliseconds from the begin to the end of the turn; after that it is interrupted, and `completed` rejects (`TimedOut`). None by default. */
  readonly timeoutMs?: number | undefined;
}

/** What a run needs of its client. */
export interface RunPorts {
  readonly clock: Clock;
  readonly link: RunLink;
  /** Sends `turn/start` so that its events go to the link's view. */
  readonly start: () => Promise<RequestResult<'turn/start'>>;
  readonly request: <M extends ClientRequestMethod>(
    method: M,
    params: RequestParams<M>,
  ) => Promise<RequestResult<M>>;
}

/**
 * One turn, from its start to its end, with its own bounded view of the turn's events.
 *
 * Iterating is optional: a run that nobody reads neither waits nor grows, and `completed` settles all the same.
 */
export class Run implements AsyncIterable<ClientEvent> {
  readonly threadId: string;
  readonly #ports: RunPorts;
  readonly #options: RunOptions;
  readonly #started = createDeferred<Turn>();
  readonly #over = createDeferred<void>();
  #turnId: string | undefined;
  #isSent = false;
  #isGivenUp = false;
  #isRead = false;

  /** A run that has not begun: {@link live} lets it. */
  constructor(threadId: string, ports: RunPorts, options: RunOptions = {}) {
    this.threadId = threadId;
    this.#ports = ports;
    this.#options = options;
    // Whoever only iterates meets the failure there.
    this.started.catch(() => {});
    this.completed.catch(() => {});
  }

  /** The turn as it was accepted. Rejects when the server refused it. */
  get started(): Promise<Turn> {
    return this.#started.promise;
  }

  /** The turn as it ended, in whichever way. Rejects when it was refused or given up, or the connection ended first. */
  get completed(): Promise<Turn> {
    return this.#ports.link.ended;
  }

  /** Ends the turn; resolves when it has ended. A run that has not begun never does, and is rejected. */
  async interrupt(): Promise<void> {
    if (!this.#isSent) {
      this.#giveUp(new DOMException('the run was given up before it began', 'AbortError'));
      return;
    }
    const { id: turnId } = await this.started;
    await this.#ports.request('turn/interrupt', { threadId: this.threadId, turnId });
  }

  /** The events of the turn, the last of them `turn/completed`. Can be read once. Throws what `started` rejects with. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ClientEvent, void, void> {
    if (this.#isRead) throw new Error('the events of a run can be read once');
    this.#isRead = true;
    const stream = new EventStream(this.#ports.link.events, () => {});
    try {
      await this.started;
      yield* stream;
    } finally {
      await stream.return();
    }
  }

  /** Resolves when the next run of the thread may begin. Never rejects. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Begins when the run before it is over. Resolves when nothing of this one is left. Never rejects.
   *
   * @param before Undefined when it may begin in this tick.
   */
  async live(before: Promise<void> | undefined): Promise<void> {
    const { signal } = this.#options;
    const onAbort = (): void => this.#onAbort(signal?.reason);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    if (before !== undefined) await Promise.race([before, settled(this.completed)]);
    if (this.#isGivenUp) {
      this.#over.resolve(before);
    } else {
      await this.#run();
    }
    signal?.removeEventListener('abort', onAbort);
  }

  /** In place of {@link live}, when it cannot. */
  refuse(error: unknown): void {
    this.#giveUp(error);
    this.#over.resolve();
  }

  async #run(): Promise<void> {
    const ended = new AbortController();
    this.#isSent = true;
    const starting = this.#start();
    const watching = this.#watch(ended.signal);
    await settled(this.completed);
    ended.abort();
    await watching;
    this.#over.resolve();
    await starting;
  }

  /** Never rejects. */
  async #start(): Promise<void> {
    try {
      const { turn } = await this.#ports.start();
      this.#turnId = turn.id;
      this.#started.resolve(turn);
      if (this.#isGivenUp) await this.#interruptInTime();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Sees to it that the run ends, whatever the server does. Never rejects. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, link } = this.#ports;
    const { inactivityMs = LIMITS.turnInactivityMs, timeoutMs = 0 } = this.#options;
    if (inactivityMs === 0 && timeoutMs === 0) return;
    const ask = (): Promise<TurnState> => this.#ask();
    try {
      link.complete(await watchTurn({ clock, events: link.events, inactivityMs, timeoutMs, ask }, signal));
    } catch (error) {
      if (signal.aborted) return;
      this.#giveUp(error);
      await this.#interruptInTime();
    }
  }

  /** Never rejects. */
  async #ask(): Promise<TurnState> {
    const { clock, request } = this.#ports;
    if (this.#turnId === undefined) return { type: 'silent' };
    const state = readTurnState((params) => request('thread/read', params), this.threadId, this.#turnId);
    try {
      const asked = await Deadline.after(clock, LIMITS.turnProbeMs).race(state);
      return asked.type === 'done' ? asked.value : { type: 'silent' };
    } catch (error) {
      // While a connection is made again nothing can be asked.
      const isAway = error instanceof TransportError && error.retryable;
      return { type: isAway ? 'busy' : 'silent' };
    }
  }

  #onAbort(reason: unknown): void {
    if (!this.#isSent) this.#giveUp(reason);
    else void this.interrupt().catch(() => {}); // One that comes too late is refused, and then there is nothing to interrupt.
  }

  /** A turn that cannot be interrupted is over, or its server is gone. Never rejects. */
  async #interruptInTime(): Promise<void> {
    if (this.#turnId === undefined) return;
    const { clock, request } = this.#ports;
    const interrupted = request('turn/interrupt', { threadId: this.threadId, turnId: this.#turnId });
    await settled(Deadline.after(clock, LIMITS.turnProbeMs).race(interrupted));
  }

  #giveUp(error: unknown): void {
    this.#isGivenUp = true;
    this.#started.reject(error);
    this.#ports.link.cancel(error);
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => {},
    () => {},
  );
}
