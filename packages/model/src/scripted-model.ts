import { type Clock, sleep, systemClock, yieldToMacrotask } from '@millrace/channel';
import { type ModelClient, ModelError, type ModelEvent, type ModelRequest } from '@millrace/core/ports';
import { type Model, newModel } from '@millrace/protocol';
import { type Instruction, PROMPT_LANGUAGE, parsePrompt, parseReply } from './prompt-language.js';
import { callEvents, countingEvents, messageEvents, reasoningEvents } from './scripted-events.js';
import { readProgress, type ScriptedProgress } from './scripted-progress.js';
import { summarize } from './scripted-summary.js';
import { estimateInputTokens, estimateTokens } from './token-estimate.js';

/** Events of one batch at most, so that the consumer is asked for room often enough. */
const BATCH_EVENTS_MAX = 64;

export interface ScriptedModelOptions {
  /** What `sleep` waits by; the machine's clock when absent. */
  readonly clock?: Clock;
  /**
   * Answers for the user's first, second … message, whatever they say; the last one is repeated. In the prompt language,
   * where a line that is no instruction is said as it stands. Without it the prompts themselves are carried out.
   */
  readonly replies?: readonly string[];
  /** Lets other work of the process run between two batches; one turn of the event loop when absent. */
  readonly pause?: () => Promise<void>;
}

/** The one model of the scripted provider. */
const SCRIPTED_MODEL: Model = newModel({
  id: 'scripted',
  displayName: 'Scripted',
  description: 'Not a language model: carries out instructions such as "run ls", one a line. Works offline.',
  supportedReasoningEfforts: [{ reasoningEffort: 'none', description: 'It does not reason' }],
  defaultReasoningEffort: 'none',
  inputModalities: ['text'],
  isDefault: true,
});

/**
 * The model that Millrace has when no provider is configured. It needs no network and no key, and it is no language model: it
 * carries out the instructions of a prompt through the real tools, one tool call a response, and ends with a line on what was
 * done. A tool that fails does not stop the instructions after it. Prose is answered by what it is and what it can do.
 *
 * Deterministic: a response depends on the request alone, so it is the same after a restart or when asked for again. Item ids
 * are made from the turn's id and the place in the history. Token usage is estimated from lengths.
 *
 * Memory: a batch of at most 64 events and the text of one item. Cancel safety: an aborted response throws the signal's
 * reason before its next batch, and out of a `sleep` at once.
 *
 * @param options The options, or just the replies.
 */
export function scriptedModel(options: ScriptedModelOptions | readonly string[] = {}): ModelClient {
  const {
    clock = systemClock,
    replies,
    pause = yieldToMacrotask,
  }: ScriptedModelOptions = isReplies(options) ? { replies: options } : options;
  return {
    provider: 'scripted',
    streamMaxRetries: 0,
    models: [SCRIPTED_MODEL],
    stream: (request, signal) => respond({ request, signal, clock, pause, replies }),
  };
}

interface Response {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
  readonly replies: readonly string[] | undefined;
}

async function* respond(response: Response): AsyncGenerator<readonly ModelEvent[], void, void> {
  const { request, signal, clock, pause } = response;
  signal.throwIfAborted();
  const progress = readProgress(request.input);
  let batch: ModelEvent[] = [];
  let outputCharacters = 0;
  let reasoningCharacters = 0;
  for (const [index, instruction] of nextInstructions(progress, response.replies).entries()) {
    if (instruction.type === 'sleep' || instruction.type === 'fail') {
      if (batch.length > 0) yield batch;
      batch = [];
      if (instruction.type === 'fail')
        throw new ModelError(instruction.message, { info: 'other', retryable: false });
      await sleep(clock, instruction.durationMs, signal);
      continue;
    }
    for (const event of eventsOf(instruction, `${request.turnId}_${request.input.length + index}`)) {
      if ('delta' in event) outputCharacters += event.delta.length;
      if (event.type === 'reasoningSummaryTextDelta') reasoningCharacters += event.delta.length;
      batch.push(event);
      if (batch.length < BATCH_EVENTS_MAX) continue;
      yield batch;
      batch = [];
      await pause();
      signal.throwIfAborted();
    }
  }
  batch.push(completion(request, outputCharacters, reasoningCharacters));
  yield batch;
}

/** What is left to do, up to and including the next tool call. */
function nextInstructions(
  progress: ScriptedProgress,
  replies: readonly string[] | undefined,
): readonly Instruction[] {
  const instructions = instructionsFor(progress, replies);
  if (instructions === undefined) return [{ type: 'say', text: introduction() }];
  let callsToSkip = progress.answered.length;
  const next: Instruction[] = [];
  for (const instruction of instructions) {
    if (callsToSkip > 0) {
      if (isCall(instruction)) callsToSkip -= 1;
      continue;
    }
    next.push(instruction);
    if (isCall(instruction)) return next;
  }
  const isSpoken = next.some(
    ({ type }) => type === 'say' || type === 'stream' || type === 'unclear' || type === 'fail',
  );
  return isSpoken ? next : [...next, { type: 'say', text: summarize(progress.answered) }];
}

function instructionsFor(
  { prompt, promptCount }: ScriptedProgress,
  replies: readonly string[] | undefined,
): readonly Instruction[] | undefined {
  if (replies === undefined || replies.length === 0)
    return prompt === undefined ? undefined : parsePrompt(prompt);
  const reply = replies[Math.max(promptCount, 1) - 1] ?? replies.at(-1);
  return reply === undefined ? undefined : parseReply(reply);
}

function isCall(instruction: Instruction): boolean {
  return ['run', 'write', 'edit', 'plan', 'ask'].includes(instruction.type);
}

function eventsOf(
  instruction: Exclude<Instruction, { readonly type: 'sleep' | 'fail' }>,
  suffix: string,
): Iterable<ModelEvent> {
  switch (instruction.type) {
    case 'say':
      return messageEvents(`msg_${suffix}`, instruction.text);
    case 'unclear':
      return messageEvents(`msg_${suffix}`, instruction.problem);
    case 'stream':
      return countingEvents(`msg_${suffix}`, instruction.deltas);
    case 'think':
      return reasoningEvents(`rs_${suffix}`, instruction.text);
    default:
      return callEvents(suffix, instruction);
  }
}

function completion(
  request: ModelRequest,
  outputCharacters: number,
  reasoningCharacters: number,
): ModelEvent {
  const inputTokens = estimateInputTokens(request.input);
  const outputTokens = estimateTokens(outputCharacters);
  return {
    type: 'completed',
    responseId: `resp_${request.turnId}_${request.input.length}`,
    usage: {
      totalTokens: inputTokens + outputTokens,
      inputTokens,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      outputTokens,
      reasoningOutputTokens: estimateTokens(reasoningCharacters),
    },
  };
}

function introduction(): string {
  const rules = Object.values(PROMPT_LANGUAGE);
  const width = Math.max(...rules.map((rule) => rule.form.length));
  return [
    'This is the scripted model of Millrace. It is not a language model and does not understand prose.',
    'It carries out instructions, one a line, with the real tools:',
    '',
    ...rules.map((rule) => `    ${rule.form.padEnd(width)}  ${rule.meaning}`),
    '',
    'To talk to a language model, name one in config.toml: `model`, `model_provider`, and a table',
    '`[model_providers.<id>]` with the `base_url` of a server that speaks the OpenAI Responses API and, where it wants a',
    'key, in `env_key` the name of the environment variable that holds it.',
  ].join('\n');
}

function isReplies(options: ScriptedModelOptions | readonly string[]): options is readonly string[] {
  return Array.isArray(options);
}
