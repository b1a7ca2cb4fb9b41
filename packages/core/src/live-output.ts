import { LIMITS } from '@millrace/protocol';
import { OutputBuffer } from './output-buffer.js';
import type { Clock } from './ports.js';
import { textPieces } from './text-pieces.js';

export interface LiveOutputOptions {
  readonly clock: Clock;
  /** Called with at most {@link LIMITS.outputDeltaBytes} characters at a time. */
  readonly show: (delta: string) => void;
}

/**
 * What is shown of the output of a command while it runs.
 *
 * Nothing in the first moments after it began to print: most commands are over by then, and their completed item has it all
 * (observed 0.169, §2). One that goes on is shown together what it printed until then, and everything else as it comes. The
 * moments count from the first output and not from the start, so that a command takes no longer on a busy machine.
 *
 * Memory: what was printed in the first moments, bounded with head and tail.
 */
export class LiveOutput {
  readonly #options: LiveOutputOptions;
  #state: 'silent' | 'holding' | 'showing' | 'ended' = 'silent';
  #held = new OutputBuffer(LIMITS.heldOutputBytes);
  #cancelHold = (): void => {};

  constructor(options: LiveOutputOptions) {
    this.#options = options;
  }

  write(text: string): void {
    if (text === '' || this.#state === 'ended') return;
    if (this.#state === 'showing') this.#show(text);
    else this.#hold(text);
  }
  /** The command is over. What was not shown yet is in its completed item. */
  end(): void {
    this.#cancelHold();
    this.#state = 'ended';
  }

  #hold(text: string): void {
    this.#held.append(new TextEncoder().encode(text));
    if (this.#state === 'holding') return;
    this.#state = 'holding';
    this.#cancelHold = this.#options.clock.schedule(LIMITS.outputDeltaDelayMs, () => this.#release());
  }

  #release(): void {
    this.#state = 'showing';
    this.#show(this.#held.text());
    this.#held = new OutputBuffer(LIMITS.heldOutputBytes);
  }

  #show(text: string): void {
    for (const piece of textPieces(text, LIMITS.outputDeltaBytes)) this.#options.show(piece);
  }
}
