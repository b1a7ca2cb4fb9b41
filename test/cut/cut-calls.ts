import { TransportError } from '@millrace/client';

/** How a call ended. */
export type Settlement = 'answered' | 'told of the cut' | 'not taken' | 'wrong cause' | 'hung';

/** The calls of one client, and what became of each. */
export class CutCalls {
  readonly #calls: {
    readonly name: string;
    settled: 'answered' | { readonly error: unknown } | undefined;
  }[] = [];

  /** Watches a call from now on. */
  add(name: string, promise: Promise<unknown>): void {
    const call: { name: string; settled: 'answered' | { readonly error: unknown } | undefined } = {
      name,
      settled: undefined,
    };
    this.#calls.push(call);
    promise.then(
      () => {
        call.settled = 'answered';
      },
      (error: unknown) => {
        call.settled = { error };
      },
    );
  }

  get areSettled(): boolean {
    return this.#calls.every(({ settled }) => settled !== undefined);
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#calls.filter(({ settled }) => settled === undefined).length;
  }

  /** @param cause What the stream of events said of the end; undefined where there was no stream yet. */
  judge(
    cause: string | undefined,
  ): readonly { readonly name: string; readonly as: Settlement; readonly detail: string }[] {
    return this.#calls.map(({ name, settled }) => {
      if (settled === undefined) return { name, as: 'hung', detail: 'nothing was heard' };
      if (settled === 'answered') return { name, as: 'answered', detail: '' };
      return { name, ...judgeError(settled.error, cause) };
    });
  }
}

function judgeError(
  error: unknown,
  cause: string | undefined,
): { readonly as: Settlement; readonly detail: string } {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const isRetryable = (error as { readonly retryable?: boolean } | null)?.retryable === true;
  if (isRetryable) return { as: 'not taken', detail };
  const isCause = error instanceof TransportError && (cause === undefined || error.message === cause);
  return { as: isCause ? 'told of the cut' : 'wrong cause', detail };
}
