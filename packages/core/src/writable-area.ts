import { isWithin } from './absolute-path.js';
import type { AgentPorts } from './agent-ports.js';
import { PROTECTED_NAMES } from './protected-names.js';

/** The files that a patch may write unasked: those in the writable roots, but for the protected ones. */
export class WritableArea {
  readonly #roots: readonly string[];
  readonly #protected: readonly string[];

  private constructor(roots: readonly string[], protectedPaths: readonly string[]) {
    this.#roots = roots;
    this.#protected = protectedPaths;
  }

  /** @param roots Absolute directories; symbolic links on the way to them are followed. */
  static async of(
    roots: readonly string[],
    { files, host }: Pick<AgentPorts, 'files' | 'host'>,
  ): Promise<WritableArea> {
    const resolve = (paths: readonly string[]): Promise<string[]> =>
      Promise.all(paths.map((path) => files.resolvePath(path)));
    const real = await resolve(roots);
    // In a directory that is writable anyway, a link may be of the agent's own making: it opens nothing.
    const isTrusted = (root: string, index: number): boolean =>
      real[index] === root || !real.some((other, at) => at !== index && isWithin(root, other));
    const trusted = real.filter((_, index) => isTrusted(roots[index] ?? '', index));
    return new WritableArea(trusted, await resolve(host.protectedPaths));
  }

  /** @param path Absolute, with symbolic links resolved. */
  contains(path: string): boolean {
    return this.#roots.some((root) => isWithin(path, root) && !this.#isProtected(path, root));
  }

  /** A protected path counts where it lies in the root or is it; a root that was named inside of one is taken at its word. */
  #isProtected(path: string, root: string): boolean {
    const names = path.slice(root.length).split('/');
    return (
      names.some((name) => PROTECTED_NAMES.includes(name)) ||
      this.#protected.some((kept) => isWithin(kept, root) && isWithin(path, kept))
    );
  }
}
