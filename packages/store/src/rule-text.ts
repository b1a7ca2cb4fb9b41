import type { PrefixRule, WordPattern } from '@millrace/core/ports';

/** What a rules file says, or what is wrong with it: a sentence with the line. */
export type ParsedRules =
  | { readonly type: 'rules'; readonly rules: readonly PrefixRule[] }
  | { readonly type: 'unclear'; readonly problem: string };

type Value = string | readonly Value[];

interface Token {
  readonly kind: 'name' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /\s+|#[^\n]*|(?<name>[A-Za-z_]\w*)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<sign>[()[\],=])/y;

/**
 * Reads rules, one call a rule: `prefix_rule(pattern=["git", ["status", "log"]], decision="allow")`.
 *
 * A pattern is a list of words, and of lists of words any of which will do. The decision is `allow` (by default), `prompt` or
 * `forbidden`. `where="sandbox"` has an `allow` count inside a sandbox only. `justification`, `match` and `not_match` are for
 * people and ignored. Anything else makes the whole text unclear, because a rule that is left out could be one that forbids.
 */
export function parseRules(text: string): ParsedRules {
  try {
    return { type: 'rules', rules: [...new RuleReader(tokens(text)).rules()] };
  } catch (error) {
    if (error instanceof Unclear) return { type: 'unclear', problem: error.message };
    throw error;
  }
}

/** The line that {@link parseRules} reads that rule from. */
export function formatRule({ pattern, decision, where }: PrefixRule): string {
  const place = where === 'sandbox' ? ', where="sandbox"' : '';
  return `prefix_rule(pattern=${JSON.stringify(pattern)}, decision="${decision}"${place})\n`;
}

/** Leaves the reader; never leaves this file. */
class Unclear extends Error {
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
  }
}

class RuleReader {
  readonly #tokens: Iterator<Token>;
  #next: Token;

  constructor(all: Iterator<Token>) {
    this.#tokens = all;
    this.#next = all.next().value;
  }

  *rules(): Generator<PrefixRule> {
    while (this.#next.kind !== 'end') yield this.#rule();
  }

  #rule(): PrefixRule {
    const { line } = this.#next;
    const name = this.#take('name');
    if (name !== 'prefix_rule') throw new Unclear(line, `there is no rule called ${name}`);
    this.#take('sign', '(');
    const values = new Map<string, Value>();
    while (!this.#is(')')) {
      const key = this.#take('name');
      this.#take('sign', '=');
      values.set(key, this.#value());
      if (!this.#is(')')) this.#take('sign', ',');
    }
    this.#take('sign', ')');
    return toRule(values, line);
  }

  #value(): Value {
    if (this.#next.kind === 'string') return this.#take('string');
    this.#take('sign', '[');
    const values: Value[] = [];
    while (!this.#is(']')) {
      values.push(this.#value());
      if (!this.#is(']')) this.#take('sign', ',');
    }
    this.#take('sign', ']');
    return values;
  }

  #is(sign: string): boolean {
    return this.#next.kind === 'sign' && this.#next.text === sign;
  }

  #take(kind: Token['kind'], text?: string): string {
    const token = this.#next;
    if (token.kind !== kind || (text !== undefined && token.text !== text)) {
      const found = token.kind === 'end' ? 'the end' : token.text;
      throw new Unclear(token.line, `expected ${text ?? `a ${kind}`}, found ${found}`);
    }
    this.#next = this.#tokens.next().value;
    return token.text;
  }
}

function* tokens(text: string): Generator<Token, Token, void> {
  let line = 1;
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const found = TOKEN.exec(text);
    if (found === null) throw new Unclear(line, `cannot read ${text.slice(position).split('\n', 1)[0]}`);
    const { name, string, sign } = found.groups ?? {};
    if (name !== undefined) yield { kind: 'name', text: name, line };
    if (string !== undefined) yield { kind: 'string', text: unquote(string, line), line };
    if (sign !== undefined) yield { kind: 'sign', text: sign, line };
    position = TOKEN.lastIndex;
    line += found[0].split('\n').length - 1;
  }
  const end: Token = { kind: 'end', text: '', line };
  yield end;
  return end;
}

function unquote(quoted: string, line: number): string {
  const inner = quoted.slice(1, -1);
  const text = quoted.startsWith("'") ? inner.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"') : inner;
  try {
    return JSON.parse(`"${text.replaceAll('\t', '\\t')}"`) as string;
  } catch {
    throw new Unclear(line, `cannot read the text ${quoted}`);
  }
}

function toRule(values: ReadonlyMap<string, Value>, line: number): PrefixRule {
  for (const key of values.keys()) {
    if (!KEYS.has(key)) throw new Unclear(line, `a rule has no ${key}`);
  }
  const decision = values.get('decision') ?? 'allow';
  if (decision !== 'allow' && decision !== 'prompt' && decision !== 'forbidden')
    throw new Unclear(line, 'the decision is allow, prompt or forbidden');
  const where = values.get('where') ?? 'anywhere';
  if (where !== 'anywhere' && where !== 'sandbox') throw new Unclear(line, 'where is anywhere or sandbox');
  return { pattern: toPattern(values.get('pattern'), line), decision, where };
}

const KEYS: ReadonlySet<string> = new Set([
  'pattern',
  'decision',
  'where',
  'justification',
  'match',
  'not_match',
]);

function toPattern(value: Value | undefined, line: number): readonly WordPattern[] {
  const isWord = (part: Value): part is string => typeof part === 'string';
  const isPart = (part: Value): part is WordPattern =>
    isWord(part) || (part.length > 0 && part.every(isWord));
  if (value === undefined || isWord(value) || value.length === 0 || !value.every(isPart))
    throw new Unclear(line, 'the pattern is a list of words, or of lists of words, and not empty');
  return value;
}
