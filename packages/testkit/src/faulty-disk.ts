import { basename, dirname, isAbsolute } from 'node:path';
import type { Disk, DiskFile, FileStamp } from '@millrace/store';
import { seededRandom } from './seeded-random.js';
import { SimulatedDirectory } from './simulated-directory.js';
import { SimulatedFile, type UnsyncedFate } from './simulated-file.js';

export type DiskOperationKind =
  | Exclude<keyof Disk, 'openForAppend'>
  | keyof DiskFile
  | 'openNew'
  | 'openExisting';

export interface DiskOperation {
  readonly kind: DiskOperationKind;
  readonly path: string;
  /** From 1, in the order in which the operations began. */
  readonly number: number;
}

export interface FaultyDiskOptions {
  /** Decides whatever a fault leaves open, such as how much of a failed write is there. */
  readonly seed: number;
  /** Makes one operation fail with that code; with `persists` also every later one that changes anything. */
  readonly fail?: { readonly operation: number; readonly code: string; readonly persists?: boolean };
  /** The power goes during that operation: it may or may not have had its effect, and no later one has any. */
  readonly powerLossAt?: number;
  /** Called before each operation has its effect, to decide when that is. */
  readonly before?: (operation: DiskOperation) => Promise<void>;
}

/** What a faulty disk rejects with, as the platform would. */
class DiskFault extends Error {
  override readonly name = 'DiskFault';
  readonly code: string;

  constructor(code: string, operation: DiskOperation) {
    super(`${code}: ${operation.kind} ${operation.path} (operation ${operation.number})`);
    this.code = code;
  }
}

const READING: ReadonlySet<DiskOperationKind> = new Set([
  'readFile',
  'realPath',
  'readPart',
  'stampOf',
  'listDirectory',
  'openExisting',
  'close',
  'unlink',
]);

/**
 * A disk in memory that keeps apart what was synced and what was not, and fails on request. The same options, seed and order of
 * calls give the same results.
 *
 * It is stricter than most file systems: contents are durable only after a sync of the file, names only after a sync of their
 * directory, and a failed sync loses what it was to write for good.
 */
export class FaultyDisk implements Disk {
  readonly #root: SimulatedDirectory;
  readonly #options: FaultyDiskOptions;
  readonly #random: () => number;
  readonly #counts = new Map<DiskOperationKind, number>();
  #operations = 0;
  #isPowered = true;

  constructor(options: FaultyDiskOptions, root: SimulatedDirectory = new SimulatedDirectory()) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#root = root;
  }

  /** How many operations were begun. */
  get operations(): number {
    return this.#operations;
  }

  /** How many operations of that kind were begun. */
  count(kind: DiskOperationKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** The disk as it is found after the system died: its files are closed, and what it has is durable. */
  restart(fate: UnsyncedFate, options: FaultyDiskOptions): FaultyDisk {
    this.#isPowered = false;
    return new FaultyDisk(options, this.#root.afterDeath(fate, this.#random));
  }

  openForAppend(path: string, presence: 'new' | 'existing'): Promise<DiskFile> {
    return this.#run(presence === 'new' ? 'openNew' : 'openExisting', path, (operation) => {
      const parent = this.#parentOf(operation);
      const found = parent.get(basename(path));
      if (presence === 'new') {
        if (found !== undefined) throw new DiskFault('EEXIST', operation);
        const file = new SimulatedFile();
        parent.change([[basename(path), file]]);
        return this.#openFile(path, file);
      }
      return this.#openFile(path, this.#fileAt(operation));
    });
  }

  readFile(path: string, limitBytes: number): Promise<Uint8Array> {
    return this.#run('readFile', path, (operation) => {
      const { contents } = this.#fileAt(operation);
      if (contents.length > limitBytes) throw new DiskFault('EFBIG', operation);
      return contents.slice();
    });
  }

  /** There are no links. */
  realPath(path: string): Promise<string> {
    return this.#run('realPath', path, (operation) => {
      this.#fileAt(operation);
      return path;
    });
  }

  readPart(path: string, startByte: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#run('readPart', path, (operation) =>
      this.#fileAt(operation).contents.slice(startByte, startByte + lengthBytes),
    );
  }

  /** Time stands still on this disk. */
  stampOf(path: string): Promise<FileStamp> {
    return this.#run('stampOf', path, (operation) => {
      return { sizeBytes: this.#fileAt(operation).contents.length, modifiedAtMs: 0 };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run('rename', from, (operation) => {
      const file = this.#fileAt(operation);
      if (dirname(from) !== dirname(to)) throw new DiskFault('EXDEV', operation);
      this.#parentOf(operation).change([
        [basename(from), undefined],
        [basename(to), file],
      ]);
    });
  }

  link(existing: string, added: string): Promise<void> {
    return this.#run('link', existing, (operation) => {
      const file = this.#fileAt(operation);
      const parent = this.#parentOf({ ...operation, path: added });
      if (parent.get(basename(added)) !== undefined) throw new DiskFault('EEXIST', operation);
      parent.change([[basename(added), file]]);
    });
  }

  unlink(path: string): Promise<void> {
    return this.#run('unlink', path, (operation) => {
      this.#fileAt(operation);
      this.#parentOf(operation).change([[basename(path), undefined]]);
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.#run('makeDirectory', path, (operation) => {
      const parent = this.#parentOf(operation);
      if (parent.get(basename(path)) !== undefined) throw new DiskFault('EEXIST', operation);
      parent.change([[basename(path), new SimulatedDirectory()]]);
    });
  }

  listDirectory(path: string): Promise<readonly string[]> {
    return this.#run('listDirectory', path, (operation) => this.#directoryAt(path, operation).names);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#run('syncDirectory', path, (operation) => this.#directoryAt(path, operation).sync());
  }

  #openFile(path: string, file: SimulatedFile): DiskFile {
    let isOpen = true;
    const run = (kind: keyof DiskFile, effect: () => void, onFailure?: () => void): Promise<void> => {
      const checked = (operation: DiskOperation): void => {
        if (!isOpen) throw new DiskFault('EBADF', operation);
        effect();
      };
      return this.#run(kind, path, checked, onFailure);
    };
    const close = (): void => {
      isOpen = false;
    };
    return {
      append: (bytes) => {
        const part = (): void => file.append(bytes.subarray(0, Math.floor(this.#random() * bytes.length)));
        return run('append', () => file.append(bytes), part);
      },
      datasync: () =>
        run(
          'datasync',
          () => file.sync(),
          () => file.failSync(),
        ),
      sync: () =>
        run(
          'sync',
          () => file.sync(),
          () => file.failSync(),
        ),
      truncate: (sizeBytes) => run('truncate', () => file.truncate(sizeBytes)),
      close: () => run('close', close, close),
    };
  }

  async #run<T>(
    kind: DiskOperationKind,
    path: string,
    effect: (operation: DiskOperation) => T,
    onFailure?: () => void,
  ): Promise<T> {
    this.#operations += 1;
    this.#counts.set(kind, this.count(kind) + 1);
    const operation: DiskOperation = { kind, path, number: this.#operations };
    await this.#options.before?.(operation);
    if (!this.#isPowered) throw new DiskFault('EIO', operation);
    if (operation.number === this.#options.powerLossAt) {
      this.#isPowered = false;
      if (this.#random() < 0.5) effect(operation);
      throw new DiskFault('EIO', operation);
    }
    const code = this.#failureOf(operation);
    if (code === undefined) return effect(operation);
    onFailure?.();
    throw new DiskFault(code, operation);
  }

  #failureOf({ kind, number }: DiskOperation): string | undefined {
    const { fail } = this.#options;
    if (fail === undefined || number < fail.operation) return undefined;
    if (number === fail.operation) return fail.code;
    return fail.persists === true && !READING.has(kind) ? fail.code : undefined;
  }

  #fileAt(operation: DiskOperation): SimulatedFile {
    const node = this.#parentOf(operation).get(basename(operation.path));
    if (node === undefined) throw new DiskFault('ENOENT', operation);
    if (node.kind === 'directory') throw new DiskFault('EISDIR', operation);
    return node;
  }

  #parentOf(operation: DiskOperation): SimulatedDirectory {
    return this.#directoryAt(dirname(operation.path), operation);
  }

  #directoryAt(path: string, operation: DiskOperation): SimulatedDirectory {
    if (!isAbsolute(path)) throw new TypeError(`not an absolute path: ${path}`);
    let directory = this.#root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const node = directory.get(name);
      if (node === undefined) throw new DiskFault('ENOENT', operation);
      if (node.kind === 'file') throw new DiskFault('ENOTDIR', operation);
      directory = node;
    }
    return directory;
  }
}
