import { type Clock, Deadline } from '@millrace/channel';
import { ModelError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { failedConnection, interruptedStream } from './response-error.js';

/** Milliseconds that one timer can wait at most: setTimeout takes more for 1. */
const TIMER_MAX_MS = 2_147_483_647;

/** Milliseconds that a response gets to end after its last event, so that the socket can be used again. */
const DRAIN_MS = 100;

/** The part of `fetch` that is needed, so that a test can stand in for it. */
export type HttpFetch = (url: string, init: HttpInit) => Promise<HttpResponse>;

export interface HttpInit {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface HttpRequest {
  readonly fetch: HttpFetch;
  readonly clock: Clock;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds without a byte from the server, while it is waited for, after which it counts as gone. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One request and its response, read chunk by chunk as fast as the caller asks and no faster.
 *
 * Cancel safety: when the request's signal is aborted, whatever waits rejects with its reason and the socket is closed.
 */
export class HttpConnection {
  readonly #request: HttpRequest;
  readonly #response: HttpResponse;
  readonly #chunks: AsyncIterator<Uint8Array> | undefined;
  readonly #release: () => void;

  private constructor(request: HttpRequest, response: HttpResponse, release: () => void) {
    this.#request = request;
    this.#response = response;
    this.#chunks = response.body?.[Symbol.asyncIterator]();
    this.#release = release;
  }

  /**
   * Sends the request and waits for the head of the response, whatever its status.
   *
   * @throws {ModelError} When there is none, see `failedConnection` and `interruptedStream`; then nothing is left open.
   */
  static async open(request: HttpRequest): Promise<HttpConnection> {
    const { signal, clock, url, body } = request;
    signal.throwIfAborted();
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const release = (): void => {
      signal.removeEventListener('abort', onAbort);
      controller.abort();
    };
    try {
      const init = {
        method: 'POST' as const,
        headers: { ...request.headers },
        body,
        signal: controller.signal,
      };
      const head = await within(clock, request.idleTimeoutMs, request.fetch(url, init));
      if (head.type === 'expired') throw interruptedStream('idle');
      return new HttpConnection(request, head.value, release);
    } catch (error) {
      release();
      signal.throwIfAborted();
      throw error instanceof ModelError ? error : failedConnection(error);
    }
  }

  get response(): Pick<HttpResponse, 'ok' | 'status' | 'statusText'> {
    return this.#response;
  }

  /**
   * The next bytes, as they came; undefined once the server ended the body.
   *
   * @throws {ModelError} When the connection was cut or the server was silent for too long.
   */
  async nextChunk(): Promise<Uint8Array | undefined> {
    const next = await this.#next(this.#request.idleTimeoutMs);
    if (next === 'idle') throw interruptedStream('idle');
    return next;
  }

  /** The beginning of the body as text. A body that breaks off is as good as one that ends. */
  async readErrorText(): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    let bytesLeft: number = LIMITS.modelErrorBodyBytes;
    try {
      for (
        let chunk = await this.nextChunk();
        chunk !== undefined && bytesLeft > 0;
        chunk = await this.nextChunk()
      ) {
        text += decoder.decode(chunk.subarray(0, bytesLeft), { stream: true });
        bytesLeft -= chunk.length;
      }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
    }
    return text;
  }

  /** Waits a moment for the end of a body of which nothing more is needed. Never rejects. */
  async drain(): Promise<void> {
    try {
      await this.#next(DRAIN_MS);
    } catch {
      // It ended in another way than it should have, or the caller left: the socket is closed either way.
    }
  }

  /** Closes the socket unless the body came to its end. Idempotent. */
  close(): void {
    this.#release();
  }

  async #next(limitMs: number): Promise<Uint8Array | undefined | 'idle'> {
    const { signal, clock } = this.#request;
    signal.throwIfAborted();
    if (this.#chunks === undefined) return undefined;
    try {
      const read = await within(clock, limitMs, this.#chunks.next());
      if (read.type === 'expired') return 'idle';
      return read.value.done === true ? undefined : read.value.value;
    } catch (error) {
      signal.throwIfAborted();
      throw interruptedStream('cut', error);
    }
  }
}

function within<T>(
  clock: Clock,
  limitMs: number,
  work: Promise<T>,
): ReturnType<typeof Deadline.prototype.race<T>> {
  return Deadline.after(clock, Math.min(limitMs, TIMER_MAX_MS)).race(work);
}
