import { type FuzzyMatch, isSubsequence, matchFuzzy, scoreRun } from './fuzzy-score.js';
import { FuzzyText } from './fuzzy-text.js';

/** Added where the whole query is found in the name of a file: more than any path can be worth. */
const IN_FILE_NAME = 65_536;
/** Added where the query is the whole last part of a path. */
const WHOLE_NAME = 2 * IN_FILE_NAME;

/** One word of a query. */
interface Atom {
  readonly kind: 'fuzzy' | 'substring' | 'prefix' | 'postfix' | 'exact';
  /** Folded, not empty. */
  readonly needle: string;
  /** True when the text must not have it. */
  readonly isInverse: boolean;
}

/**
 * A query for paths: words, all of which must be found, in any order.
 *
 * A word is found when its characters stand in the path in their order. `'word` must stand there in one piece, `^word` at the
 * beginning, `word$` at the end, `^word$` is the whole path, and `!word` must not be there in one piece. Case and accents do not count.
 */
export class FuzzyPattern {
  readonly #atoms: readonly Atom[];

  constructor(query: string) {
    this.#atoms = query.split(/\s+/u).flatMap(parseAtom);
  }

  /** Whether nothing is asked for. */
  get isEmpty(): boolean {
    return this.#atoms.length === 0;
  }

  /**
   * How well a path fits; undefined when it does not.
   *
   * A query of one plain word counts far more where it is found in the name of a file, and more still where it is the whole name.
   *
   * @param least What is worth less may count as not found, which is quicker to tell.
   */
  match(path: string, isFile: boolean, least = 0): FuzzyMatch | undefined {
    const [only] = this.#atoms;
    if (only === undefined) return undefined;
    const text = new FuzzyText(path);
    const isPlain = this.#atoms.length === 1 && only.kind === 'fuzzy' && !only.isInverse;
    if (!isPlain) return matchAll(this.#atoms, text);
    if (!isSubsequence(only.needle, text.folded)) return undefined;
    const name = new FuzzyText(path.slice(path.lastIndexOf('/') + 1));
    const inName = matchInName(only.needle, text, { name, isFile });
    return inName ?? (least > IN_FILE_NAME ? undefined : matchFuzzy(only.needle, text));
  }
}

function parseAtom(word: string): readonly Atom[] {
  const isInverse = word.startsWith('!');
  const marked = isInverse ? word.slice(1) : word;
  const isPrefix = marked.startsWith('^');
  const isPostfix = marked.endsWith('$');
  const isSubstring = marked.startsWith("'") || isInverse;
  const bare = marked.slice(isPrefix || marked.startsWith("'") ? 1 : 0, isPostfix ? -1 : undefined);
  const plain = isSubstring ? 'substring' : 'fuzzy';
  const kind = isPrefix ? (isPostfix ? 'exact' : 'prefix') : isPostfix ? 'postfix' : plain;
  return bare === '' ? [] : [{ kind, needle: new FuzzyText(bare).folded, isInverse }];
}

function matchInName(
  needle: string,
  path: FuzzyText,
  { name, isFile }: { readonly name: FuzzyText; readonly isFile: boolean },
): FuzzyMatch | undefined {
  const isWhole = name.folded === needle;
  if (!isFile && !isWhole) return undefined;
  const match = matchFuzzy(needle, name);
  if (match === undefined) return undefined;
  const offset = path.folded.length - name.folded.length;
  const worth = (isFile ? IN_FILE_NAME : 0) + (isWhole ? WHOLE_NAME : 0);
  return { score: match.score + worth, positions: match.positions.map((position) => position + offset) };
}

function matchAll(atoms: readonly Atom[], text: FuzzyText): FuzzyMatch | undefined {
  // The cheap question first, for all words: most paths are out by it.
  if (!atoms.every(({ needle, isInverse }) => isInverse || isSubsequence(needle, text.folded)))
    return undefined;
  const positions = new Set<number>();
  let score = 0;
  for (const atom of atoms) {
    const match = matchAtom(atom, text);
    if ((match === undefined) !== atom.isInverse) return undefined;
    if (match === undefined) continue;
    score += match.score;
    for (const position of match.positions) positions.add(position);
  }
  return { score, positions: [...positions].sort((a, b) => a - b) };
}

function matchAtom({ kind, needle }: Atom, text: FuzzyText): FuzzyMatch | undefined {
  if (kind === 'fuzzy') return matchFuzzy(needle, text);
  const places =
    kind === 'substring' ? occurrences(needle, text.folded) : fixedPlace(kind, needle, text.folded);
  let best: FuzzyMatch | undefined;
  for (const at of places) {
    const score = scoreRun(needle.length, at, text);
    if (best !== undefined && score <= best.score) continue;
    best = { score, positions: Array.from(needle, (_, index) => at + index) };
  }
  return best;
}

function fixedPlace(kind: 'prefix' | 'postfix' | 'exact', needle: string, folded: string): readonly number[] {
  const isThere = {
    prefix: folded.startsWith(needle),
    postfix: folded.endsWith(needle),
    exact: folded === needle,
  }[kind];
  return isThere ? [kind === 'postfix' ? folded.length - needle.length : 0] : [];
}

function* occurrences(needle: string, folded: string): Generator<number> {
  for (let at = folded.indexOf(needle); at >= 0; at = folded.indexOf(needle, at + 1)) yield at;
}
