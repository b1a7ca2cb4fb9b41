/** Characters of a text that a snippet shows before and after the match, as the reference server does. */
const BEFORE = 49;
const AFTER = 96;

const ELLIPSIS = '...';

/** A match with what stands around it. */
export interface Snippet {
  readonly text: string;
  /** Where the match stands in the text, in UTF-16 code units; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Cuts the snippet of one match out of a text; where something is left out, there are three dots. */
export function snippetAt(text: string, matchStart: number, matchEnd: number): Snippet {
  const from = wholeCharacter(text, Math.max(0, matchStart - BEFORE));
  const to = wholeCharacter(text, Math.min(text.length, matchEnd + AFTER));
  const head = from > 0 ? `${ELLIPSIS} ` : '';
  const tail = to < text.length ? ` ${ELLIPSIS}` : '';
  const start = head.length + matchStart - from;
  return {
    text: `${head}${text.slice(from, to)}${tail}`,
    start,
    end: start + matchEnd - matchStart,
  };
}

/** The index itself, or the one before where it would cut a character in two. */
function wholeCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return index > 0 && code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}
