const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** How a piece of text looks on a terminal. */
export type Look = keyof typeof CODES;

/** Gives text a look, or leaves it as it is. */
export type Paint = (look: Look, text: string) => string;

/** A painter for one stream. Without colours it returns the text itself. */
export function createPaint(colors: boolean): Paint {
  return (look, text) => (colors && text !== '' ? `\u001b[${CODES[look]}m${text}\u001b[0m` : text);
}

/** Whether to colour what goes to a stream: on a terminal only, and not where `NO_COLOR` is set to anything. */
export function wantsColors(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (environment.NO_COLOR ?? '') === '';
}
