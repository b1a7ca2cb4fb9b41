import type { ThreadTokenUsage, TokenUsageBreakdown } from '@millrace/protocol';
import type { ContextWindow } from './context-window.js';

const NOTHING: TokenUsageBreakdown = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

/** Tokens that a thread has used: in all, and in the last model response. */
export class TokenAccount {
  readonly #window: ContextWindow;
  #usage: ThreadTokenUsage;

  constructor(window: ContextWindow) {
    this.#window = window;
    this.#usage = { total: NOTHING, last: NOTHING, modelContextWindow: window.tokens };
  }

  get current(): ThreadTokenUsage {
    return this.#usage;
  }

  /** True once a model response has said what it used. */
  get hasUsage(): boolean {
    return this.#usage.total.totalTokens > 0;
  }

  restore(usage: ThreadTokenUsage): void {
    this.#usage = { ...usage, modelContextWindow: this.#window.tokens };
  }

  /** True when the last response shows that the history should be compacted before the model is asked again. */
  get isCompactionDue(): boolean {
    return this.#usage.last.totalTokens >= this.#window.compactAt;
  }

  /** The history is one of about that many tokens now, whatever the last response used. */
  occupy(totalTokens: number): ThreadTokenUsage {
    this.#usage = { ...this.#usage, last: { ...NOTHING, totalTokens } };
    return this.#usage;
  }

  /** The provider says that the window is full, whatever was counted. */
  fillWindow(): ThreadTokenUsage {
    const full = { ...NOTHING, totalTokens: this.#window.tokens };
    this.#usage = { total: full, last: full, modelContextWindow: this.#usage.modelContextWindow };
    return this.#usage;
  }

  add(last: TokenUsageBreakdown): ThreadTokenUsage {
    const { total } = this.#usage;
    this.#usage = {
      total: {
        totalTokens: total.totalTokens + last.totalTokens,
        inputTokens: total.inputTokens + last.inputTokens,
        cachedInputTokens: total.cachedInputTokens + last.cachedInputTokens,
        cacheWriteInputTokens: total.cacheWriteInputTokens + last.cacheWriteInputTokens,
        outputTokens: total.outputTokens + last.outputTokens,
        reasoningOutputTokens: total.reasoningOutputTokens + last.reasoningOutputTokens,
      },
      last,
      modelContextWindow: this.#usage.modelContextWindow,
    };
    return this.#usage;
  }
}
