import type { Thread, Turn } from '@millrace/protocol';
import type { ClientEvent } from './client-event.js';
import { TransportError } from './errors.js';
import { WireRun } from './wire-run.js';
import { WireView } from './wire-view.js';

/** Sorts what arrives over one wire into views: a run gets the events of its turn, the default view everything else. */
export class WireViews {
  readonly main: WireView;
  readonly #capacity: number;
  /** Runs that have not settled. At most one for each request that waits or turn that runs. */
  readonly #open = new Set<WireRun>();
  /** Those whose turn has begun. The first of a turn gets its events; one that joined it later only learns of its end. */
  readonly #runs = new Map<string, WireRun[]>();

  /** Told of each thread of a gap when the gap is read. */
  onLagRead: (view: WireView, threadId: string) => void = () => {};

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.main = this.#newView();
  }

  openRun(): WireRun {
    const run = new WireRun(this.#newView(), () => this.#open.delete(run));
    this.#open.add(run);
    return run;
  }

  /** From now on the events of the turn go to the run. */
  begin(turnId: string, threadId: string, run: WireRun): void {
    if (!this.#open.has(run)) return;
    run.threadId = threadId;
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

  /** The connection was made again: shows the state of a thread to all who follow it, and ends the runs whose turns are over. */
  resync(thread: Thread, characters: number): void {
    const event = resyncedEvent(thread);
    this.main.replace({ event, characters });
    for (const [turnId, runs] of this.#runsOf(thread.id)) {
      const turn = thread.turns.find(({ id }) => id === turnId);
      for (const run of runs) run.events.replace({ event, characters });
      if (turn === undefined) this.#cancel(turnId, unknownTurn());
      else if (turn.status !== 'inProgress') this.end(turn);
    }
  }

  /** Nothing more arrives of the thread. */
  lose(threadId: string, error: unknown): void {
    for (const [turnId] of this.#runsOf(threadId)) this.#cancel(turnId, error);
  }

  /** The last event: the connection ended without being asked to. */
  disconnect(message: string): void {
    this.main.deliver({ event: { type: 'disconnected', message }, characters: message.length });
  }

  /** Nothing more arrives. Runs that have not ended are told why. */
  close(error: unknown): void {
    for (const run of [...this.#open]) run.cancel(error);
    this.#runs.clear();
    this.main.close();
  }

  #runsOf(threadId: string): readonly (readonly [string, readonly WireRun[]])[] {
    return [...this.#runs].filter(([, runs]) => runs[0]?.threadId === threadId);
  }

  #cancel(turnId: string, error: unknown): void {
    const runs = this.#runs.get(turnId) ?? [];
    this.#runs.delete(turnId);
    for (const run of runs) run.cancel(error);
  }

  #newView(): WireView {
    const view: WireView = new WireView(this.#capacity, (threadIds) => {
      for (const threadId of threadIds) this.onLagRead(view, threadId);
    });
    return view;
  }
}

/** A thread as it is now, for whoever misses events of it: its turns by id and status, the last one in full. */
export function resyncedEvent(thread: Thread): ClientEvent {
  const turns = thread.turns.map((turn) => ({ ...turn, items: [], itemsView: 'notLoaded' as const }));
  const activeTurn = thread.turns.at(-1) ?? null;
  return { type: 'resynced', threadId: thread.id, thread: { ...thread, turns: [] }, turns, activeTurn };
}

function unknownTurn(): TransportError {
  const detail = 'the connection was made again, and the server does not know the turn any more';
  return new TransportError('ConnectionAborted', 'turn/start', { detail });
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
