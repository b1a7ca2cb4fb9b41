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
 * Nothing at first where a command prints soon: most of these are over at once, and their completed item has it all (observed
 * 0.169, §2). One that goes on is shown together what it printed until then, and everything else as it comes. That moment counts
 * from the first output and not from the start, so that a busy machine does not make a stream of every command.
 *
 * Memory: what was printed until then, bounded with head and tail.
 */
export class LiveOutput {
  readonly #options: LiveOutputOptions;
  readonly #startedAt: number;
  #state: 'silent' | 'holding' | 'showing' | 'ended' = 'silent';
  #held = new OutputBuffer(LIMITS.heldOutputBytes);
  #cancelHold = (): void => {};

  /** Begins when the command does. */
  constructor(options: LiveOutputOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
  }

  write(text: string): void {
    const { clock } = this.#options;
    if (text === '' || this.#state === 'ended') return;
    if (this.#state === 'silent' && clock.monotonic() - this.#startedAt >= LIMITS.quickOutputMs)
      this.#state = 'showing';
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
