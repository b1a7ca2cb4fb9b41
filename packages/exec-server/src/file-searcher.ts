import { resolve } from 'node:path';
import { TaskGroup } from '@millrace/channel';
import type { FileNames, FileSearcher } from '@millrace/core/ports';
import { LocalFileNames } from './file-names.js';

/** Finds files of this machine by parts of their names. */
export class LocalFileSearcher implements FileSearcher {
  readonly #cwd: string;
  readonly #reading: TaskGroup;
  readonly #open = new Set<LocalFileNames>();

  /**
   * @param cwd Where relative roots begin, absolute.
   * @param onFailure Told of a failure that should be impossible: reading counts what it cannot read as empty.
   */
  constructor(cwd: string, onFailure: (error: unknown) => void) {
    this.#cwd = cwd;
    this.#reading = new TaskGroup({ onFailure: ({ error }) => onFailure(error) });
  }

  open(roots: readonly string[]): FileNames {
    const names = new LocalFileNames();
    this.#open.add(names);
    const started = this.#reading.spawn('read file names', async () => {
      await names.read(roots.map((root) => ({ root, path: resolve(this.#cwd, root) })));
      this.#open.delete(names);
    });
    if (started !== 'spawned') {
      names.close();
      this.#open.delete(names);
    }
    return names;
  }

  /** Stops all reading, and resolves when it has stopped. Idempotent. */
  async close(): Promise<void> {
    this.#reading.close();
    for (const names of this.#open) names.close();
    await this.#reading.settled();
  }
}
