import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { PROCESS_LIMITS } from './process-limits.js';

const OWN = '.ignore';
const GIT = '.gitignore';
const REPOSITORY = '.git';

/** Names that tell that a directory has rules of its own. */
const NAMES: ReadonlySet<string> = new Set([OWN, GIT, REPOSITORY]);

/** The rules that stand in one directory. */
interface Layer {
  readonly directory: string;
  readonly own: Ignore | undefined;
  readonly git: Ignore | undefined;
  /** `.git/info/exclude`; undefined where no repository begins. */
  readonly repository: Ignore | undefined;
}

/**
 * What the ignore files of a directory, and of those above it, leave out: `.ignore` everywhere, `.gitignore` and
 * `.git/info/exclude` inside a repository. The nearer file wins, and `.ignore` before `.gitignore`; those of a repository say nothing
 * of one inside it.
 */
export class IgnoreRules {
  /** Nothing is left out. */
  static readonly NONE = new IgnoreRules([]);
  /** The nearest first. */
  readonly #layers: readonly Layer[];

  private constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** The rules of all directories above an absolute one. A file that cannot be read counts as absent. */
  static async above(directory: string): Promise<IgnoreRules> {
    const parent = dirname(directory);
    if (parent === directory) return IgnoreRules.NONE;
    return (await IgnoreRules.above(parent)).below(parent, NAMES);
  }

  /** The rules for a directory below those that these are for. `names`: what may stand in it. */
  async below(directory: string, names: ReadonlySet<string>): Promise<IgnoreRules> {
    const layer = await readLayer(directory, names);
    return layer === undefined ? this : new IgnoreRules([layer, ...this.#layers]);
  }

  /** Whether an absolute path below the directory is left out. */
  ignores(path: string, isDirectory: boolean): boolean {
    for (const layer of this.#layers) {
      const verdict = verdictOf(layer.own, layer, path, isDirectory);
      if (verdict !== undefined) return verdict;
    }
    const root = this.#layers.findIndex(({ repository }) => repository !== undefined);
    for (const layer of this.#layers.slice(0, root + 1)) {
      const verdict = verdictOf(layer.git, layer, path, isDirectory);
      if (verdict !== undefined) return verdict;
    }
    const outermost = this.#layers[root];
    return (outermost && verdictOf(outermost.repository, outermost, path, isDirectory)) ?? false;
  }
}

function verdictOf(
  rules: Ignore | undefined,
  { directory }: Layer,
  path: string,
  isDirectory: boolean,
): boolean | undefined {
  if (rules === undefined) return undefined;
  const name = relative(directory, path).split(sep).join('/');
  const { ignored, unignored } = rules.test(isDirectory ? `${name}/` : name);
  return ignored ? true : unignored ? false : undefined;
}

async function readLayer(directory: string, names: ReadonlySet<string>): Promise<Layer | undefined> {
  const read = (name: string) => (names.has(name) ? readRules(join(directory, name)) : undefined);
  const [own, git, isRepository] = await Promise.all([
    read(OWN),
    read(GIT),
    names.has(REPOSITORY) && isThere(join(directory, REPOSITORY)),
  ]);
  const exclude = isRepository ? await readRules(join(directory, REPOSITORY, 'info', 'exclude')) : undefined;
  const repository = isRepository ? (exclude ?? ignore()) : undefined;
  return own === undefined && git === undefined && repository === undefined
    ? undefined
    : { directory, own, git, repository };
}

async function readRules(path: string): Promise<Ignore | undefined> {
  try {
    const { size } = await stat(path);
    return size > PROCESS_LIMITS.ignoreFileBytes ? undefined : ignore().add(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
