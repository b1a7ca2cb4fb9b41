/** Points for a character that follows a path separator, or stands first. */
const AFTER_SEPARATOR = 9;
/** Points for a character that begins a word otherwise, or is no letter, no digit and no separator. */
const AT_BOUNDARY = 8;
/** Points for a capital inside a word, and for the first digit of a number. */
const INSIDE_WORD = 5;

type CharacterClass = 'separator' | 'space' | 'other' | 'lower' | 'upper' | 'letter' | 'digit';

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
    let before: CharacterClass = 'separator';
    for (let position = 0; position < bonuses.length; position += 1) {
      const here = classOf(this.#characters[position] ?? '');
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

function classOf(character: string): CharacterClass {
  if (character === '/') return 'separator';
  if (character >= 'a' && character <= 'z') return 'lower';
  if (character >= 'A' && character <= 'Z') return 'upper';
  if (character >= '0' && character <= '9') return 'digit';
  if (/^\s$/u.test(character)) return 'space';
  if (character < '\u0080') return 'other';
  if (character !== character.toLowerCase()) return 'upper';
  if (character !== character.toUpperCase()) return 'lower';
  return /^\p{L}$/u.test(character) ? 'letter' : 'other';
}

function bonusOf(before: CharacterClass, here: CharacterClass): number {
  const isWord = here !== 'separator' && here !== 'space' && here !== 'other';
  if (!isWord) return here === 'separator' ? 0 : AT_BOUNDARY;
  if (before === 'separator') return AFTER_SEPARATOR;
  if (before === 'space' || before === 'other') return AT_BOUNDARY;
  const isCapital = here === 'upper' && before === 'lower';
  return isCapital || (here === 'digit' && before !== 'digit') ? INSIDE_WORD : 0;
}
