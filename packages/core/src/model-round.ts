import { sleep } from '@millrace/channel';
import { type CodexErrorInfo, LIMITS, newTurnError, type TokenUsageBreakdown } from '@millrace/protocol';
import { callOutput } from './history.js';
import { readResponse } from './model-stream.js';
import { PatchPreviews } from './patch-previews.js';
import { PlanSpeech } from './plan-speech.js';
import { type ModelClient, ModelError, type ModelRequest } from './ports.js';
import type { CustomToolCallItem, FunctionCallItem, ResponseItem } from './response-item.js';
import { AgentSpeech, type Speech } from './speech.js';
import type { ToolOutput } from './tools/tool.js';
import type { TurnContext } from './turn-context.js';

/** Why a round ended early: the user said more. */
const STEERED = new Error('the user said more');

/** What a turn lends to its rounds, besides what it lends to tools. */
export interface RoundContext extends TurnContext {
  /** Everything said so far, as the model is given it. */
  readonly history: readonly ResponseItem[];
  /** Adds to the history. */
  remember(...items: readonly ResponseItem[]): void;
  /** Accounts for one whole response, after its tools are done. */
  account(usage: TokenUsageBreakdown | null): Promise<void>;
  /** Tells once more what was used before a response that an interrupt cut short: what that one cost is never known. */
  repeatUsage(): Promise<void>;
  /** Completes what the model was saying, as far as it came. */
  closeStreamed(): Promise<void>;
}

interface PendingCall {
  readonly item: FunctionCallItem | CustomToolCallItem;
  readonly output: Promise<ToolOutput>;
}

export interface RoundOptions {
  /** JSON Schema of the final message, where the client asked for one. */
  readonly outputSchema?: unknown;
  /** How what the model says is shown; asked for each attempt. What the mode of the thread wants by default. */
  readonly speech?: () => Speech;
  /** False where the model may call nothing. True by default. */
  readonly hasTools?: boolean;
  /** True where clients see nothing of it but its messages, as `speech` shows them. */
  readonly isHidden?: boolean;
}

/** One question to the model and the tools that it asks for, asked again where the stream breaks. */
export class ModelRound {
  readonly #turn: RoundContext;
  readonly #options: RoundOptions;
  #request: AbortController | undefined;
  #isSteered = false;

  constructor(turn: RoundContext, options: RoundOptions = {}) {
    this.#turn = turn;
    this.#options = options;
  }

  /** Stops the model where it is, so that it hears what the user said. Running tools are still waited for. */
  cutShort(): void {
    this.#isSteered = true;
    this.#request?.abort(STEERED);
  }

  /**
   * Returns whether the model must be asked again because tools have answered. Rejects with {@link ModelError}, or the turn's
   * reason when it was interrupted; then every call that was made is answered and everything it started has ended.
   */
  async run(): Promise<boolean> {
    const { settings, ports } = this.#turn;
    const client = ports.modelClient(settings.modelProvider);
    if (client === undefined) {
      throw new ModelError(`Model provider \`${settings.modelProvider}\` not found`, {
        info: 'other',
        retryable: false,
      });
    }
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#ask(client);
      if (typeof outcome === 'boolean') return outcome;
      await this.#backOff(client, outcome, attempt);
    }
  }

  /** Asks once. An error comes back as a value: it may be worth another try. */
  async #ask(client: ModelClient): Promise<boolean | ModelError> {
    const turn = this.#turn;
    const calls: PendingCall[] = [];
    const outcome = await this.#read(client, calls);
    if (outcome.type === 'cutShort') await turn.closeStreamed();
    if (outcome.type === 'cutShort' && turn.signal.aborted) await turn.repeatUsage();
    await this.#settle(calls);
    if (outcome.type === 'whole') await turn.account(outcome.usage);
    if (turn.signal.aborted) throw turn.signal.reason;
    return outcome.type === 'broken' ? outcome.error : calls.length > 0;
  }

  async #read(client: ModelClient, calls: PendingCall[]): Promise<ReadOutcome> {
    const turn = this.#turn;
    const request = new AbortController();
    const onInterrupt = (): void => request.abort(turn.signal.reason);
    if (turn.signal.aborted) onInterrupt();
    turn.signal.addEventListener('abort', onInterrupt, { once: true });
    this.#request = request;
    try {
      const { usage } = await readResponse(client, this.#question(), request.signal, {
        output: this.#options.isHidden === true ? undefined : turn.output,
        speech: this.#options.speech?.() ?? speechOf(turn),
        patches: patchesOf(turn),
        onItem: (item) => turn.remember(item),
        onCall: (item) => {
          calls.push({ item, output: this.#call(item, calls.length) });
        },
      });
      return { type: 'whole', usage };
    } catch (cause) {
      if (this.#isSteered || turn.signal.aborted) return { type: 'cutShort' };
      return { type: 'broken', error: toModelError(cause) };
    } finally {
      turn.signal.removeEventListener('abort', onInterrupt);
      this.#request = undefined;
    }
  }

  #question(): ModelRequest {
    const { settings, threadId, turnId, history } = this.#turn;
    const { model, effort, summary } = settings;
    const { outputSchema, hasTools = true } = this.#options;
    const tools = hasTools ? this.#turn.tools.specs(this.#turn) : [];
    return { threadId, turnId, model, input: history, tools, effort, summary, outputSchema };
  }

  /** Never rejects: a call whose turn was interrupted is answered too. */
  async #call(item: FunctionCallItem | CustomToolCallItem, callsBefore: number): Promise<ToolOutput> {
    const turn = this.#turn;
    if (this.#options.hasTools === false) return `unsupported call: ${item.name}`;
    if (callsBefore >= LIMITS.toolCallsPerResponse) return TOO_MANY_CALLS;
    try {
      return await turn.tools.run(item, turn);
    } catch (error) {
      if (!turn.signal.aborted) turn.reportFault(error);
      return turn.signal.aborted ? 'aborted' : `${item.name} failed inside the server`;
    }
  }

  /** Waits for every tool and answers every call, in the order of the calls: a history is valid only when none is open. */
  async #settle(calls: readonly PendingCall[]): Promise<void> {
    for (const { item, output } of calls) this.#turn.remember(callOutput(item, await output));
  }

  async #backOff(client: ModelClient, error: ModelError, attempt: number): Promise<void> {
    const isHopeless = !error.retryable || (!error.isUnreachable && attempt > client.streamMaxRetries);
    if (isHopeless) throw error;
    const { output, ports, signal, threadId, turnId } = this.#turn;
    const codexErrorInfo: CodexErrorInfo = { responseStreamDisconnected: { httpStatusCode: null } };
    const progress = error.isUnreachable ? 'waiting for network' : `${attempt}/${client.streamMaxRetries}`;
    const turnError = newTurnError({
      message: `Reconnecting... ${progress}`,
      codexErrorInfo,
      additionalDetails: error.message,
    });
    await output.emit('error', { error: turnError, willRetry: true, threadId, turnId });
    const exponential = LIMITS.retryBaseDelayMs * 2 ** (attempt - 1);
    const delayMs = error.isUnreachable ? NETWORK_RETRY_MS : (error.retryAfterMs ?? exponential);
    await sleep(ports.clock, Math.min(LIMITS.retryMaxDelayMs, delayMs), signal);
  }
}

/** What the model is told of a call beyond the limit: every call has to be answered. */
const TOO_MANY_CALLS = `this call was not run: one response may make ${LIMITS.toolCallsPerResponse} calls`;

/** Milliseconds between attempts to reach a server that is not there (observed 0.169, §5). */
const NETWORK_RETRY_MS = 5_000;

type ReadOutcome =
  | { readonly type: 'whole'; readonly usage: TokenUsageBreakdown | null }
  | { readonly type: 'cutShort' }
  | { readonly type: 'broken'; readonly error: ModelError };

function speechOf({ settings, output, turnId }: RoundContext): Speech {
  return settings.mode === 'plan' ? new PlanSpeech(output, turnId) : new AgentSpeech(output);
}

function patchesOf({ features, output, ports, threadId, turnId }: RoundContext): PatchPreviews | undefined {
  if (!features.patchStreaming) return undefined;
  return new PatchPreviews({ output, clock: ports.clock, threadId, turnId });
}

function toModelError(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ModelError(message, { info: 'other', retryable: false, cause });
}
