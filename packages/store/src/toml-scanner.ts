/** A header of a table, or one element of an array of tables. */
export interface TomlHeader {
  readonly type: 'table' | 'element';
  /** The key of the table, from the root. */
  readonly path: readonly string[];
  /** Where its line begins. */
  readonly start: number;
  /** Where the next line begins. */
  readonly end: number;
}

/** A key with its value. */
export interface TomlPair {
  readonly type: 'pair';
  /** The whole key, from the root. */
  readonly path: readonly string[];
  /** The key of the table that it stands in. */
  readonly section: readonly string[];
  /** True inside an element of an array of tables, which no key path leads to. */
  readonly isInElement: boolean;
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export type TomlStatement = TomlHeader | TomlPair;

const BARE_KEY = /[A-Za-z0-9_-]+/y;

/**
 * Finds the statements of a TOML document and where they stand; comments and blank lines are what is between them. The text must
 * be valid TOML: this reads where things are, a parser what they mean.
 */
export function scanToml(text: string): readonly TomlStatement[] {
  return new TomlScanner(text).scan();
}

class TomlScanner {
  readonly #text: string;
  readonly #statements: TomlStatement[] = [];
  readonly #elements: (readonly string[])[] = [];
  #at = 0;
  #section: readonly string[] = [];
  #isInElement = false;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): readonly TomlStatement[] {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      this.#skipSpaces();
      const next = this.#text[this.#at];
      if (next === '[') this.#header(start);
      else if (next !== undefined && !'#\r\n'.includes(next)) this.#pair(start);
      else this.#skipLine();
    }
    return this.#statements;
  }

  #header(start: number): void {
    const type = this.#text.startsWith('[[', this.#at) ? 'element' : 'table';
    this.#at += type === 'element' ? 2 : 1;
    const path = this.#key();
    this.#skipLine();
    if (type === 'element') this.#elements.push(path);
    this.#section = path;
    this.#isInElement = this.#elements.some((element) => startsWith(path, element));
    this.#statements.push({ type, path, start, end: this.#at });
  }

  #pair(start: number): void {
    const path = [...this.#section, ...this.#key()];
    this.#at += 1; // The equals sign.
    this.#skipSpaces();
    const valueStart = this.#at;
    this.#skipValue();
    const valueEnd = this.#at;
    this.#skipLine();
    this.#statements.push({
      type: 'pair',
      path,
      section: this.#section,
      isInElement: this.#isInElement,
      start,
      end: this.#at,
      valueStart,
      valueEnd,
    });
  }

  /** A key of one or more parts; stands after it and the spaces that follow. */
  #key(): readonly string[] {
    const parts: string[] = [];
    for (;;) {
      this.#skipSpaces();
      parts.push(this.#keyPart());
      this.#skipSpaces();
      if (this.#text[this.#at] !== '.') return parts;
      this.#at += 1;
    }
  }

  #keyPart(): string {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === '"' || quote === "'") {
      this.#skipString();
      const inside = this.#text.slice(start + 1, this.#at - 1);
      return quote === "'" ? inside : withoutEscapes(inside);
    }
    BARE_KEY.lastIndex = start;
    const bare = BARE_KEY.exec(this.#text)?.[0] ?? '';
    this.#at += Math.max(bare.length, 1); // Never stands still, whatever the text is.
    return bare;
  }

  #skipValue(): void {
    const first = this.#text[this.#at] ?? '';
    if (first === '"' || first === "'") this.#skipString();
    else if (first === '[' || first === '{') this.#skipBrackets();
    else {
      const rest = /[^#\r\n]*/y;
      rest.lastIndex = this.#at;
      this.#at += (rest.exec(this.#text)?.[0] ?? '').trimEnd().length;
    }
  }

  #skipBrackets(): void {
    let depth = 0;
    do {
      const next = this.#text[this.#at] ?? '';
      if (next === '"' || next === "'") {
        this.#skipString();
        continue;
      }
      if (next === '#') {
        this.#skipLine();
        continue;
      }
      if (next === '[' || next === '{') depth += 1;
      if (next === ']' || next === '}') depth -= 1;
      this.#at += 1;
    } while (depth > 0 && this.#at < this.#text.length);
  }

  #skipString(): void {
    const quote = this.#text[this.#at] ?? '';
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const closing = isLong ? quote.repeat(3) : quote;
    this.#at += closing.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(closing, this.#at)) {
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#at += closing.length;
    // Up to two quotes may stand right before the closing ones of a long string.
    for (let extra = 0; isLong && extra < 2 && this.#text[this.#at] === quote; extra += 1) this.#at += 1;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1;
  }

  #skipLine(): void {
    const newline = this.#text.indexOf('\n', this.#at);
    this.#at = newline === -1 ? this.#text.length : newline + 1;
  }
}

/** Whether a path is that prefix or lies below it. */
export function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => path[index] === part);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
]);

function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))/g,
    (_, short?: string, long?: string, byte?: string, letter = '') => {
      const code = short ?? long ?? byte;
      return code === undefined
        ? (ESCAPES.get(letter) ?? letter)
        : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}
