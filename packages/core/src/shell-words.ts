/** Characters that no shell gives a meaning to, so that a word made of them needs no quotes. */
const BARE = /^[-+./:@\]_0-9A-Za-z]+$/;
/** A word of the shell's own where it stands first. */
const END_OF_TEST = ']]';
/** Characters that single quotes cannot hold (`'`), or that some shell reads even inside them. */
const NOT_IN_SINGLE_QUOTES = /['\\^]/;
/** Characters that are read even inside double quotes, and that a backslash does not protect in every shell. */
const NOT_IN_DOUBLE_QUOTES = /[`$!^]/;

/**
 * Writes one word so that a POSIX shell reads exactly that word again.
 *
 * Prefers no quotes, then single quotes, then double quotes with `"` and `\` escaped. A word that no one style can hold is
 * written as several quoted pieces without a space between them. Throws a RangeError for a NUL, which no argument can hold.
 */
export function quoteShell(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold a NUL character');
  if (word === '') return "''";
  if (BARE.test(word) && word !== END_OF_TEST) return word;
  let quoted = '';
  for (let start = 0; start < word.length; ) {
    const piece = nextPiece(word, start);
    quoted += piece.quoted;
    start = piece.end;
  }
  return quoted;
}

/** Writes an argument vector as one line that a POSIX shell reads as these arguments. */
export function joinShellWords(argv: readonly string[]): string {
  return argv.map(quoteShell).join(' ');
}

/** The longest piece from `start` that one quoting style can hold. */
function nextPiece(word: string, start: number): { readonly quoted: string; readonly end: number } {
  if (word[start] === '^') return { quoted: "'^'", end: start + 1 };
  let single = true;
  let double = true;
  let end = start;
  for (; end < word.length; end += 1) {
    const character = word.charAt(end);
    const singleStill: boolean = single && !NOT_IN_SINGLE_QUOTES.test(character);
    const doubleStill: boolean = double && !NOT_IN_DOUBLE_QUOTES.test(character);
    if (!singleStill && !doubleStill) break;
    single = singleStill;
    double = doubleStill;
  }
  const text = word.slice(start, end);
  return { quoted: single ? `'${text}'` : `"${text.replaceAll(/["\\]/g, '\\$&')}"`, end };
}
