/** Points for a character that follows a path separator, or stands first. */
const AFTER_SEPARATOR = 9;
/** Points for a character that begins a word otherwise, or is no letter, no digit and no separator. */
const AT_BOUNDARY = 8;
/** Points for a capital inside a word, and for the first digit of a number. */
const INSIDE_WORD = 5;

/** What a character is, as far as it matters to the one behind it. */
const CLASSES = { separator: 0, boundary: 1, lower: 2, upper: 3, letter: 4, digit: 5 } as const;

/**
 * A text as fuzzy matching sees it: one unit a character, in lower case, without accents. Positions in it are positions of characters,
 * whatever their size in UTF-16.
 */
export class FuzzyText {
  /** As long as the text has characters. */
  readonly folded: string;
  /** The characters as they were; the text itself where each is one unit. */
  readonly #characters: string | readonly string[];
  #bonuses: Uint8Array | undefined;

  constructor(text: string) {
    const isAscii = !NOT_ASCII.test(text);
    this.#characters = isAscii ? text : [...text];
    this.folded = isAscii ? text.toLowerCase() : [...text].map(fold).join('');
  }

  /** What a match is worth more for standing where it stands, by position. */
  get bonuses(): Uint8Array {
    this.#bonuses ??= this.#measure();
    return this.#bonuses;
  }

  #measure(): Uint8Array {
    const bonuses = new Uint8Array(this.#characters.length);
    let before: number = CLASSES.separator;
    for (let position = 0; position < bonuses.length; position += 1) {
      const here = classOf(this.#characters, position);
      bonuses[position] = bonusOf(before, here);
      before = here;
    }
    return bonuses;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them.
const NOT_ASCII = /[^\u0000-\u007f]/u;

/** Letters that Unicode does not take apart into a base letter and an accent. */
const BASE_LETTERS: Readonly<Record<string, string>> = { ß: 's', ø: 'o', ł: 'l', đ: 'd', ı: 'i' };

/** One UTF-16 unit for a character: its base letter in lower case, or the last unit of one that has two. */
function fold(character: string): string {
  const [first = character] = character.normalize('NFD').toLowerCase();
  const base = BASE_LETTERS[first];
  if (base !== undefined) return base;
  return first.at(-1) ?? '';
}

function classOf(characters: string | readonly string[], position: number): number {
  const isAscii = typeof characters === 'string';
  if (isAscii) return ASCII_CLASSES[characters.charCodeAt(position)] ?? CLASSES.boundary;
  const character = characters[position] ?? '';
  return character < '\u0080'
    ? (ASCII_CLASSES[character.charCodeAt(0)] ?? CLASSES.boundary)
    : otherClass(character);
}

function otherClass(character: string): number {
  if (character !== character.toLowerCase()) return CLASSES.upper;
  if (character !== character.toUpperCase()) return CLASSES.lower;
  return /^\p{L}$/u.test(character) ? CLASSES.letter : CLASSES.boundary;
}

const ASCII_CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (character === '/') return CLASSES.separator;
  if (/[a-z]/u.test(character)) return CLASSES.lower;
  if (/[A-Z]/u.test(character)) return CLASSES.upper;
  return /[0-9]/u.test(character) ? CLASSES.digit : CLASSES.boundary;
});

function bonusOf(before: number, here: number): number {
  if (here === CLASSES.separator) return 0;
  if (here === CLASSES.boundary || before === CLASSES.boundary) return AT_BOUNDARY;
  if (before === CLASSES.separator) return AFTER_SEPARATOR;
  const isCapital = here === CLASSES.upper && before === CLASSES.lower;
  return isCapital || (here === CLASSES.digit && before !== CLASSES.digit) ? INSIDE_WORD : 0;
}
