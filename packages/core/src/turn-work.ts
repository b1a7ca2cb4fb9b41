import type { NonSteerableTurnKind, ThreadTokenUsage } from '@millrace/protocol';
import type { RoundContext } from './model-round.js';
import type { ThreadContext } from './thread-context.js';
import type { TurnInput } from './user-input.js';

/** What became of input for a running turn. */
export type Steered =
  | 'taken'
  /** Too much waits already. */
  | 'full'
  /** It asks for another final message than the turn is to end with. */
  | 'otherSchema';

/** What a turn is about: what it does between its start and its end. */
export interface TurnWork {
  /** Why the user cannot join in; undefined where they can. */
  readonly notSteerable: NonSteerableTurnKind | undefined;
  /** What the user said that it is about, where that is known before it begins. */
  readonly input?: TurnInput;
  /** Takes more input. Not called where the work is not steerable. */
  steer(input: TurnInput): Steered;
  /**
   * Does the work. The turn completes when this resolves. Rejects when it fails, and when the turn's signal is aborted; then
   * everything that it started has ended.
   */
  run(turn: WorkContext): Promise<void>;
}

/** What a turn lends to its work. */
export interface WorkContext extends RoundContext {
  readonly thread: ThreadContext;
  /** True once everybody was told that the turn ended. */
  readonly isEnded: boolean;
  /** Closes the turn for input and interrupts; the work calls it in the tick in which it sees that nothing is left to do. */
  close(): void;
  /** Tells the client what the thread has used so far, and keeps it. */
  showUsage(usage: ThreadTokenUsage): Promise<void>;
}

/** Something that runs in a turn beside its work. Neither method rejects but for a fault. */
export interface SideTask {
  /** Resolves when it runs. */
  start(): Promise<void>;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}
