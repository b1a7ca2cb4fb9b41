import type { ThreadTokenUsage, TokenUsageBreakdown } from '@millrace/protocol';

/**
 * Tokens that fit in the window of a model that nothing more is known about: 95 % of 272,000, the figure that the reference server
 * announces for unknown models (observed 0.169).
 */
const FALLBACK_CONTEXT_WINDOW = 258_400;

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
  #usage: ThreadTokenUsage = { total: NOTHING, last: NOTHING, modelContextWindow: FALLBACK_CONTEXT_WINDOW };

  get current(): ThreadTokenUsage {
    return this.#usage;
  }

  /** True once a model response has said what it used. */
  get hasUsage(): boolean {
    return this.#usage.total.totalTokens > 0;
  }

  restore(usage: ThreadTokenUsage): void {
    this.#usage = usage;
  }

  /** The provider says that the window is full, whatever was counted. */
  fillWindow(): ThreadTokenUsage {
    const full = { ...NOTHING, totalTokens: this.#usage.modelContextWindow ?? FALLBACK_CONTEXT_WINDOW };
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
