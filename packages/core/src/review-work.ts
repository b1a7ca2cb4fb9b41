import {
  LIMITS,
  newAgentMessage,
  newEnteredReviewMode,
  newExitedReviewMode,
  newUserMessage,
} from '@millrace/protocol';
import { isWindowExceeded } from './compaction.js';
import { openingContext } from './environment-context.js';
import { approximateTokens } from './model-output.js';
import { ModelRound, type RoundContext } from './model-round.js';
import { openHistory } from './open-history.js';
import { ModelError } from './ports.js';
import type { MessageItem } from './response-item.js';
import type { ReviewBrief } from './review-brief.js';
import { REVIEW_GUIDELINES } from './review-guidelines.js';
import { reviewReport } from './review-report.js';
import { sideContext } from './side-context.js';
import { SilentSpeech } from './speech.js';
import { REVIEW_TOOLS } from './tools/built-in-tools.js';
import { ThreadTools } from './tools/thread-tools.js';
import type { TurnWork, WorkContext } from './turn-work.js';
import { type TurnInput, toModelContent } from './user-input.js';

/** What clients are shown of a review without a result (observed 0.169). */
const NO_RESULT = 'Reviewer failed to output a response.';
const ENDED_EARLY = 'The review ended before it had a result. Start it again to get one.';

/**
 * The work of a turn in which the model reviews a change, as somebody who was not there: it sees nothing of the conversation and may
 * look, not patch. Its commands and thoughts are shown, what it says only at the end, in words for people.
 *
 * However it ends, the client is told that the review is over, and the model of the thread is told what came of it. What the reviewer
 * saw and said on the way is not kept.
 */
export class ReviewWork implements TurnWork {
  readonly notSteerable = 'review';
  /** What the user is taken to have said. */
  readonly input: TurnInput;
  readonly #brief: ReviewBrief;

  constructor(brief: ReviewBrief) {
    this.#brief = brief;
    const content = [{ type: 'text' as const, text: brief.task, text_elements: [] }];
    this.input = { content, clientId: null };
  }

  steer(): 'full' {
    return 'full';
  }

  async run(turn: WorkContext): Promise<void> {
    const { ports, output } = turn;
    const newItem = () => ({ id: ports.ids.uuid(), startedAtMs: output.now() });
    await openHistory(turn);
    await output.shown(newEnteredReviewMode({ ...newItem(), review: this.#brief.name }));
    await output.shown(newUserMessage({ ...newItem(), content: this.input.content }));
    let report: string | undefined;
    try {
      report = reviewReport(await this.#ask(turn));
    } catch (error) {
      throw isWindowExceeded(error) ? tooLarge(error) : error;
    } finally {
      await this.#leave(turn, report);
    }
    turn.close();
  }

  /** Tells the client and the model of the thread that the review is over, and how full the window of the thread is. */
  async #leave(turn: WorkContext, report: string | undefined): Promise<void> {
    const { ports, output, thread } = turn;
    const text = report ?? ENDED_EARLY;
    const review = report ?? NO_RESULT;
    await output.shown(newExitedReviewMode({ id: ports.ids.uuid(), startedAtMs: output.now(), review }));
    const message = newAgentMessage({ id: `msg_${ports.ids.uuid()}`, startedAtMs: output.now(), text });
    await output.shown(message);
    turn.remember(this.#resultFor(turn, report), spoken(message.id, text));
    const tokens = approximateTokens(JSON.stringify(thread.history.items));
    await turn.showUsage(thread.account.occupy(tokens));
  }

  /** Lets the reviewer work until it calls no more tools. Returns its last words. */
  async #ask(turn: WorkContext): Promise<string> {
    const context = await this.#reviewer(turn);
    let speech = new SilentSpeech();
    const beginAgain = (): SilentSpeech => {
      speech = new SilentSpeech();
      return speech;
    };
    for (let rounds = 0; rounds < LIMITS.modelCallsPerTurn; rounds++) {
      if (!(await new ModelRound(context, { speech: beginAgain }).run())) return speech.last;
    }
    const message = `the reviewer asked the model ${LIMITS.modelCallsPerTurn} times without coming to an end`;
    throw new ModelError(message, { info: 'other', retryable: false });
  }

  async #reviewer(turn: WorkContext): Promise<RoundContext> {
    const { ports, settings, features } = turn;
    const opening = await openingContext({ ...settings, baseInstructions: REVIEW_GUIDELINES }, ports);
    const task: MessageItem = {
      type: 'message',
      id: `msg_${ports.ids.uuid()}`,
      role: 'user',
      content: await toModelContent(this.input.content, ports),
    };
    const model = features.reviewModel ?? settings.model;
    const context = sideContext(turn, [...opening, task], { ...settings, model, mode: 'default' });
    return { ...context, features: { ...features, webSearch: null }, tools: new ThreadTools([REVIEW_TOOLS]) };
  }

  /** What the model of the thread is told in the name of the user. */
  #resultFor({ ports }: WorkContext, report: string | undefined): MessageItem {
    const outcome =
      report === undefined
        ? 'It ended before it had a result.'
        : `This is what the reviewer wrote. The user may ask for some of it to be mended.\n\n${report}`;
    const text = `<review>\nThe user had a reviewer look at: ${this.#brief.name}. ${outcome}\n</review>`;
    const id = `msg_${ports.ids.uuid()}`;
    return { type: 'message', id, role: 'user', content: [{ type: 'input_text', text }] };
  }
}

/** The window of the reviewer is full and not that of the thread, which goes on as it was. */
function tooLarge(cause: unknown): ModelError {
  const message = 'the change is too large to be reviewed at once';
  return new ModelError(message, { info: 'other', retryable: false, cause });
}

function spoken(id: string, text: string): MessageItem {
  return { type: 'message', id, role: 'assistant', content: [{ type: 'output_text', text }] };
}
