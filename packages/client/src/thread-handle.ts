import type { RequestParams, RequestResult, Thread } from '@millrace/protocol';
import type { Client } from './client.js';
import type { Run, RunOptions } from './run.js';

/** What is said to the agent: a text, or the parts of an input. */
export type RunInput = string | RequestParams<'turn/start'>['input'];

/** Everything of `turn/start` but the thread and the input. */
type TurnOverrides = Omit<RequestParams<'turn/start'>, 'threadId' | 'input'>;

/** A thread by its id, with what can be done to it. It holds no state and needs no end: the server has all of that. */
export class ThreadHandle {
  readonly id: string;
  readonly #client: Client;

  constructor(client: Client, id: string) {
    this.#client = client;
    this.id = id;
  }

  /** Starts a turn behind those that this client has asked for. See {@link Client.runTurn}. */
  run(input: RunInput, options: RunOptions & TurnOverrides = {}): Run {
    const { signal, inactivityMs, timeoutMs, ...overrides } = options;
    const params = { ...overrides, threadId: this.id, input: partsOf(input) };
    return this.#client.runTurn(params, { signal, inactivityMs, timeoutMs });
  }

  /** Says something to the running turn. Rejects with `ServerError` when that is not the turn which runs. */
  async steer(turnId: string, input: RunInput): Promise<void> {
    await this.#client.request('turn/steer', {
      threadId: this.id,
      expectedTurnId: turnId,
      input: partsOf(input),
    });
  }

  /** Ends the turn; resolves when it has ended. Rejects with `ServerError` when it does not run. */
  async interrupt(turnId: string): Promise<void> {
    await this.#client.request('turn/interrupt', { threadId: this.id, turnId });
  }

  /** The thread as it is now, with its turns unless they are not wanted. */
  async read({ includeTurns = true }: { readonly includeTurns?: boolean } = {}): Promise<Thread> {
    return (await this.#client.request('thread/read', { threadId: this.id, includeTurns })).thread;
  }

  /** A new thread with the history of this one. */
  fork(options: Omit<RequestParams<'thread/fork'>, 'threadId'> = {}): Promise<ThreadHandle> {
    return this.#client.forkThread({ ...options, threadId: this.id });
  }

  async rename(name: string): Promise<void> {
    await this.#client.request('thread/name/set', { threadId: this.id, name });
  }

  /** Puts it away; {@link unarchive} brings it back. */
  async archive(): Promise<void> {
    await this.#client.request('thread/archive', { threadId: this.id });
  }

  async unarchive(): Promise<void> {
    await this.#client.request('thread/unarchive', { threadId: this.id });
  }

  /** Makes room in the model's window: what was said is replaced by a summary. */
  async compact(): Promise<void> {
    await this.#client.request('thread/compact/start', { threadId: this.id });
  }

  /** Hears no more of it. A running turn goes on. */
  unsubscribe(): Promise<RequestResult<'thread/unsubscribe'>> {
    return this.#client.request('thread/unsubscribe', { threadId: this.id });
  }
}

function partsOf(input: RunInput): RequestParams<'turn/start'>['input'] {
  return typeof input === 'string' ? [{ type: 'text', text: input }] : input;
}
