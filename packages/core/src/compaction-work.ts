import { compact } from './compaction.js';
import { openHistory } from './open-history.js';
import type { TurnWork, WorkContext } from './turn-work.js';

/** The work of a turn in which the user wants the history replaced by a summary. */
export class CompactionWork implements TurnWork {
  readonly notSteerable = 'compact';

  steer(): 'full' {
    return 'full';
  }

  async run(turn: WorkContext): Promise<void> {
    await openHistory(turn);
    await compact(turn);
    turn.close();
  }
}
