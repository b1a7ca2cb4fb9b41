import type { DiagnosticsSource } from '@millrace/client';
import { type Counts, increase } from './event-tally.js';

/** What the server signals about the queue of one connection, while it happens. */
export class ViewSignals {
  readonly #merged = new Map<string, number>();
  #mergedTotal = 0;
  #lags = 0;

  /** @param connection Connections are numbered from 0, in the order in which they attached. */
  constructor(diagnostics: DiagnosticsSource, connection: number) {
    diagnostics.on('merge', (signal) => {
      if (signal.connection !== connection) return;
      this.#mergedTotal += 1;
      increase(this.#merged, String(signal.method), 1);
    });
    diagnostics.on('lag', (signal) => {
      if (signal.connection === connection) this.#lags += 1;
    });
  }

  /** Events that became a part of one that was queued already. */
  get merged(): Counts {
    return this.#merged;
  }
  get mergedTotal(): number {
    return this.#mergedTotal;
  }
  /** How often the queue was reported as too slow: once a stall. */
  get lags(): number {
    return this.#lags;
  }
}
