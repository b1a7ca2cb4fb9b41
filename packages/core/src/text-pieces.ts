/**
 * A text in pieces of at most that many UTF-16 units, in order. No piece ends inside a character: half of one cannot be written as
 * UTF-8, and strict readers of JSON refuse it.
 *
 * @param maxUnits At least 2.
 */
export function* textPieces(text: string, maxUnits: number): Generator<string, void, void> {
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + maxUnits, text.length);
    const isInside = end < text.length && isLowSurrogate(text.charCodeAt(end));
    const cut = isInside ? end - 1 : end;
    yield text.slice(start, cut);
    start = cut;
  }
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
