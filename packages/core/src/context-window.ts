/** Tokens that fit into a model that nothing more is known about (observed 0.169: every model is announced with 95 % of it). */
const FALLBACK_TOKENS = 272_000;
/** The part of the window that clients are told of: the rest is for what the provider adds. */
const USABLE = 0.95;
/** The part of the window at which a history is compacted, as in the reference server. */
const COMPACTED_AT = 0.9;

/** How much a model can be given. */
export interface ContextWindow {
  /** Tokens, as clients are told. */
  readonly tokens: number;
  /** Tokens of a response and what it was asked with, from which on the history is compacted before the model is asked again. */
  readonly compactAt: number;
}

/** The window as it is configured, each null where it is not. The limit can only lower the point at which the history is compacted. */
export function contextWindow(configured: {
  readonly modelContextWindow: number | null;
  readonly modelAutoCompactTokenLimit: number | null;
}): ContextWindow {
  const tokens = configured.modelContextWindow ?? FALLBACK_TOKENS;
  const compactAt = Math.floor(tokens * COMPACTED_AT);
  return {
    tokens: Math.floor(tokens * USABLE),
    compactAt: Math.min(configured.modelAutoCompactTokenLimit ?? compactAt, compactAt),
  };
}
