import type { Turn as TurnView } from '@millrace/protocol';
import type { TurnStarter } from './ports.js';
import type { Settings } from './settings.js';
import type { Steered, TurnWork } from './turn-work.js';
import type { TurnInput } from './user-input.js';

/** Input for a thread: it starts a turn, or joins the one that runs. */
export interface Submission {
  readonly input: TurnInput;
  readonly overrides: Partial<Settings>;
  readonly starter: TurnStarter;
}

/** What became of a submission. */
export type Submitted =
  /** A new turn, which waits for `begin`: so its caller can answer first. */
  | { readonly type: 'started'; readonly turn: TurnView; readonly begin: () => void }
  | { readonly type: 'steered'; readonly turn: TurnView }
  | {
      readonly type: 'refused';
      /**
       * `readOnly`: a sync has failed, so that nothing more of this thread could be kept (TS-6). `draining`: the server is shutting
       * down. `gone`: what was to be done is not to be done any more.
       */
      readonly reason: Exclude<Steered, 'taken'> | 'closed' | 'readOnly' | 'draining' | 'gone';
    }
  /** Another turn runs, which takes no input and does not share the thread. */
  | { readonly type: 'busy'; readonly notSteerable: TurnWork['notSteerable'] };
