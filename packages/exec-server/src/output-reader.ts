import type { Readable } from 'node:stream';
import { OutputQueue } from './output-queue.js';
import { PROCESS_LIMITS } from './process-limits.js';

/**
 * Reads output streams of a process into one queue, up to a buffer ahead of the consumer and then not further.
 *
 * A consumer that leaves closes the streams. The queue ends when all of them are closed; without any it ends at once.
 */
export class OutputReader {
  readonly queue: OutputQueue;
  readonly #sources: readonly Readable[];
  #openSources: number;

  /** @param onClosed Called once, when the last stream is closed; not where there is none. */
  constructor(sources: readonly Readable[], onClosed: () => void) {
    this.#sources = sources;
    this.#openSources = sources.length;
    this.queue = new OutputQueue({
      limitBytes: PROCESS_LIMITS.outputBufferBytes,
      onRoom: () => this.#resume(),
      onLeave: () => this.close(),
    });
    for (const source of sources) this.#read(source, onClosed);
    if (sources.length === 0) this.queue.end();
  }

  get isOpen(): boolean {
    return this.#openSources > 0;
  }

  close(): void {
    for (const source of this.#sources) source.destroy();
  }

  #read(source: Readable, onClosed: () => void): void {
    source.on('data', (chunk: Uint8Array) => {
      this.queue.push(chunk);
      if (this.queue.isFull) for (const each of this.#sources) each.pause();
    });
    source.on('error', () => {}); // 'close' follows.
    source.once('close', () => {
      this.#openSources -= 1;
      if (this.#openSources > 0) return;
      this.queue.end();
      onClosed();
    });
  }

  #resume(): void {
    for (const source of this.#sources) source.resume();
  }
}
