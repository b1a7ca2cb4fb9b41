import { type Clock, sleep } from '@millrace/channel';
import type { Turn } from '@millrace/protocol';
import { TransportError } from './errors.js';
import type { EventSource } from './link.js';
import type { TurnState } from './turn-state.js';

/** How often a turn is looked at in the time for which it may be silent. So silence is noticed at most that part too late. */
const LOOKS = 8;

export interface TurnWatchOptions {
  readonly clock: Clock;
  /** Where the events of the turn arrive. */
  readonly events: EventSource;
  /** Milliseconds without any event after which the server is asked; 0 means never. */
  readonly inactivityMs: number;
  /** Milliseconds for the whole turn; 0 means that there is no limit. */
  readonly timeoutMs: number;
  /** Asks the server what became of the turn. Must not reject. */
  readonly ask: () => Promise<TurnState>;
}

/**
 * Watches a turn that somebody waits for, so that a server that hangs is noticed.
 *
 * Resolves with the turn when it turns out to be over. Rejects with `TransportError` (`TimedOut`) when it is silent, or not over in time.
 * While events wait for a slow reader the turn is not called silent. Cancel safe: rejects with the signal's reason and leaves no timer.
 */
export async function watchTurn(options: TurnWatchOptions, signal: AbortSignal): Promise<Turn> {
  const { clock, events, inactivityMs, timeoutMs, ask } = options;
  const endMs = clock.monotonic() + (timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs);
  const stepMs = inactivityMs === 0 ? Number.POSITIVE_INFINITY : inactivityMs / LOOKS;
  let arrived = events.arrived;
  let heardMs = clock.monotonic();
  for (;;) {
    await sleep(clock, Math.min(stepMs, endMs - clock.monotonic()), signal);
    const nowMs = clock.monotonic();
    if (nowMs >= endMs) throw timedOut(`the turn is not over after ${timeoutMs} ms`);
    if (events.arrived !== arrived || events.isHeld) {
      arrived = events.arrived;
      heardMs = nowMs;
    } else if (nowMs - heardMs >= inactivityMs) {
      const state = await ask();
      if (state.type === 'ended') return state.turn;
      if (state.type === 'silent') throw timedOut(`nothing was heard of the turn for ${inactivityMs} ms`);
      heardMs = clock.monotonic();
    }
  }
}

function timedOut(detail: string): TransportError {
  return new TransportError('TimedOut', 'turn/start', { detail: `${detail}; it was interrupted` });
}
