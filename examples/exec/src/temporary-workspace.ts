import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for an agent to work in, and a home for its threads beside it. Both are gone after {@link remove}. */
export class TemporaryWorkspace {
  readonly path: string;
  readonly home: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.path = join(root, 'workspace');
    this.home = join(root, 'home');
  }

  static async create(files: Readonly<Record<string, string>>): Promise<TemporaryWorkspace> {
    const workspace = new TemporaryWorkspace(await realpath(await mkdtemp(join(tmpdir(), 'millrace-'))));
    await mkdir(workspace.path);
    for (const [name, text] of Object.entries(files)) await writeFile(join(workspace.path, name), text);
    return workspace;
  }

  /** The text of each file in the directory itself, by name. */
  async readFiles(): Promise<ReadonlyMap<string, string>> {
    const entries = await readdir(this.path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const texts = names
      .sort()
      .map(async (name) => [name, await readFile(join(this.path, name), 'utf8')] as const);
    return new Map(await Promise.all(texts));
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}
