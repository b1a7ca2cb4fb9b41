import type { ResponseItem } from '@millrace/core/ports';

/** Characters that count as one token; the usual rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens that so many characters are taken for: deterministic, not measured. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** Tokens of a whole input, estimated from the length of its JSON text. */
export function estimateInputTokens(input: readonly ResponseItem[]): number {
  return estimateTokens(input.reduce((total, item) => total + JSON.stringify(item).length, 0));
}
