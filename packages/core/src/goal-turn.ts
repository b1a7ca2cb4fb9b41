import type { ThreadGoal } from '@millrace/protocol';
import { Conversation } from './conversation.js';
import { toldContext } from './environment-context.js';
import type { Steered, TurnWork, WorkContext } from './turn-work.js';
import type { TurnInput } from './user-input.js';

/** A conversation that the thread begins by itself, to come nearer to its goal. */
export class GoalTurn implements TurnWork {
  readonly notSteerable = undefined;
  readonly #conversation = new Conversation(undefined);

  steer(input: TurnInput): Steered {
    return this.#conversation.steer(input);
  }

  run(turn: WorkContext): Promise<void> {
    const goal = turn.agenda.goal?.current;
    if (goal != null) turn.thread.tell(toldContext(goalText(goal), turn.ports));
    return this.#conversation.run(turn);
  }
}

/** What the model is told of the goal; the user does not see it. */
function goalText({ objective, tokensUsed, tokenBudget }: ThreadGoal): string {
  const budget =
    tokenBudget === null ? 'no limit' : `${tokenBudget}, of which ${tokenBudget - tokensUsed} are left`;
  return `<goal>
This thread has a goal, and goes on by itself until it is reached:

${objective}

Tokens used so far: ${tokensUsed}. Token budget: ${budget}.

Look at how things stand now and take the next real step. The goal stays as it is, however long it takes: do not make it smaller. \
Before you call update_goal with status "complete", check each part of it against what is really there. Call it with "blocked" \
only when the same obstacle has stopped you several turns in a row and only the user can remove it.
</goal>`;
}
