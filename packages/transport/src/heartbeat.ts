import type { Clock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { WebSocket } from 'ws';

export interface HeartbeatOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** Bytes that came from the peer so far. */
  readonly bytesRead: () => number;
}

/**
 * Finds out that a peer is gone that never said so: its machine lost power, or a network between is cut.
 *
 * Pings the peer at intervals, and cuts it off when nothing at all came back for several pings that have left this process. A ping
 * that waits behind unsent bytes proves nothing, and neither does silence while this side does not read: such a peer is slow, which
 * is not for this class to judge.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #lastBytesRead = 0;
  #unanswered = 0;
  #isPingSent = false;
  #cancel = (): void => {};

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#cancel();
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.schedule(LIMITS.pingIntervalMs, () => this.#beat());
  }

  #beat(): void {
    const { socket, bytesRead } = this.#options;
    const isAlive = bytesRead() !== this.#lastBytesRead || socket.isPaused;
    this.#lastBytesRead = bytesRead();
    if (isAlive) this.#unanswered = 0;
    else if (this.#isPingSent) this.#unanswered += 1;
    if (this.#unanswered >= LIMITS.unansweredPings) {
      socket.terminate();
      return;
    }
    this.#isPingSent = false;
    socket.ping(undefined, undefined, (error?: Error | null) => {
      this.#isPingSent = error == null;
    });
    this.#schedule();
  }
}
