import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock, FileWatch } from '@millrace/core/ports';
import { nodeFileSystem } from './node-file-system.js';
import { platformError } from './platform-error.js';
import { PROCESS_LIMITS } from './process-limits.js';

export interface FileWatcherOptions {
  readonly clock: Clock;
  /** See `ClientFiles.watch`. */
  readonly onChanged: (paths: readonly string[]) => void;
}

/**
 * Watches one file, or the direct children of one directory.
 *
 * A file is watched through its directory, so that a file which an editor replaces, or which is removed and made again, is
 * still watched. Changes are gathered for {@link PROCESS_LIMITS.watchGatherMs} from the first one on.
 *
 * Memory: at most {@link PROCESS_LIMITS.watchedPaths} paths that wait to be told.
 */
export class FileWatcher implements FileWatch {
  readonly path: string;
  readonly #options: FileWatcherOptions;
  readonly #changed = new Set<string>();
  readonly #watcher: FSWatcher;
  #cancelTelling: (() => void) | undefined;

  private constructor(path: string, isDirectory: boolean, options: FileWatcherOptions) {
    this.path = path;
    this.#options = options;
    const directory = isDirectory ? path : dirname(path);
    this.#watcher = watch(directory, { persistent: false });
    this.#watcher.on('change', (_kind, name) => {
      const child = name === null ? undefined : name.toString();
      if (isDirectory) this.#note(child === undefined ? path : join(path, child));
      else if (child === undefined || child === basename(path)) this.#note(path);
    });
    this.#watcher.on('error', () => {
      this.#note(path);
      this.#watcher.close();
    });
  }

  /** Rejects with the platform's error when there is nothing at the path, or it cannot be watched. */
  static async start(path: string, options: FileWatcherOptions): Promise<FileWatcher> {
    const resolved = await nodeFileSystem.resolvePath(path);
    const kind = await nodeFileSystem.kindOf(resolved);
    if (kind === undefined) throw platformError('ENOENT', 'no such file or directory', path);
    return new FileWatcher(resolved, kind === 'directory', options);
  }

  close(): void {
    this.#cancelTelling?.();
    this.#changed.clear();
    this.#watcher.close();
  }

  #note(path: string): void {
    if (this.#changed.size >= PROCESS_LIMITS.watchedPaths) {
      this.#changed.clear();
      this.#changed.add(this.path);
    } else if (!this.#changed.has(this.path)) this.#changed.add(path);
    this.#cancelTelling ??= this.#options.clock.schedule(PROCESS_LIMITS.watchGatherMs, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTelling = undefined;
    const paths = [...this.#changed].sort();
    this.#changed.clear();
    this.#options.onChanged(paths);
  }
}
