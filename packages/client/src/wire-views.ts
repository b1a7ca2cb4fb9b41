import type { Turn } from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import { WireRun } from './wire-run.js';
import { WireView } from './wire-view.js';

/** Sorts what arrives over one wire into views: a run gets the events of its turn, the default view everything else. */
export class WireViews {
  readonly main: WireView;
  readonly #capacity: number;
  readonly #onLagRead: (view: WireView, threadId: string) => void;
  /** Runs that have not settled. At most one for each request that waits or turn that runs. */
  readonly #open = new Set<WireRun>();
  /** Those whose turn has begun. The first of a turn gets its events; one that joined it later only learns of its end. */
  readonly #runs = new Map<string, WireRun[]>();

  /** @param onLagRead Told of each thread of a gap when the gap is read. */
  constructor(capacity: number, onLagRead: (view: WireView, threadId: string) => void) {
    this.#capacity = capacity;
    this.#onLagRead = onLagRead;
    this.main = this.#newView();
  }

  openRun(): WireRun {
    const run = new WireRun(this.#newView(), () => this.#open.delete(run));
    this.#open.add(run);
    return run;
  }

  /** From now on the events of the turn go to the run. */
  begin(turnId: string, run: WireRun): void {
    if (!this.#open.has(run)) return;
    const runs = this.#runs.get(turnId);
    if (runs === undefined) this.#runs.set(turnId, [run]);
    else runs.push(run);
  }

  /** The view for an event. */
  of(event: ClientEvent): WireView {
    const turnId = turnIdOf(event);
    return (turnId === undefined ? undefined : this.#runs.get(turnId)?.[0]?.events) ?? this.main;
  }

  /** The turn has ended, and its runs with it. */
  end(turn: Turn): void {
    const runs = this.#runs.get(turn.id) ?? [];
    this.#runs.delete(turn.id);
    for (const run of runs) run.complete(turn);
  }

  /** Nothing more arrives. Runs that have not ended are told why. */
  close(error: unknown): void {
    for (const run of [...this.#open]) run.cancel(error);
    this.#runs.clear();
    this.main.close();
  }

  #newView(): WireView {
    const view: WireView = new WireView(this.#capacity, (threadIds) => {
      for (const threadId of threadIds) this.#onLagRead(view, threadId);
    });
    return view;
  }
}

function turnIdOf(event: ClientEvent): string | undefined {
  if (!('params' in event)) return undefined;
  if (event.type === 'legacy') return event.params.id;
  const { turnId, turn } = (event.params ?? {}) as {
    readonly turnId?: string;
    readonly turn?: { readonly id: string };
  };
  return turnId ?? turn?.id;
}
