import { z } from 'zod';
import type { Wire } from './wire.js';

/** Tokens of one or several model responses. `cachedInputTokens` are part of `inputTokens`. */
export const TokenUsageBreakdown = z.object({
  totalTokens: z.int(),
  inputTokens: z.int(),
  cachedInputTokens: z.int(),
  cacheWriteInputTokens: z.int(),
  outputTokens: z.int(),
  reasoningOutputTokens: z.int(),
});
export interface TokenUsageBreakdown extends Wire<typeof TokenUsageBreakdown> {}

/** Tokens that a thread used in all, and in its last model response. */
export const ThreadTokenUsage = z.object({
  total: TokenUsageBreakdown,
  last: TokenUsageBreakdown,
  /** Tokens that the model can be given at most, where that is known. */
  modelContextWindow: z.int().nullable(),
});
export interface ThreadTokenUsage extends Wire<typeof ThreadTokenUsage> {}
