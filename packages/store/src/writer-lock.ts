import { basename, join } from 'node:path';
import { StoreError } from '@millrace/core/ports';
import { type Disk, diskErrorCode } from './disk.js';
import { makeDirectories } from './durable-directory.js';
import { type ProcessTable, UNKNOWN_START } from './process-table.js';

/** Bytes of a lock file; ours have about a hundred. */
const LOCK_LIMIT_BYTES = 4_096;
/** Times that a lock may vanish between the try to take it and the look at its owner, before it counts as taken. */
const TRIES_LIMIT = 8;
/** Owners that may have died one inside the takeover of the other. Each takes a crash within a few system calls. */
const TAKEOVER_DEPTH_LIMIT = 4;
/** Claims that dead processes with our pid can have left behind for one lock. */
const CLAIMS_LIMIT = 1_000;

/** The right to write one thread. */
export interface WriterLock {
  /** Gives the right back. Idempotent. */
  release(): Promise<void>;
}

type Owner =
  | { readonly type: 'none' }
  | { readonly type: 'dead' }
  | { readonly type: 'alive'; readonly pid: number };

/** A lock file that is written but has not got its name yet. */
interface Claim {
  readonly path: string;
  readonly text: string;
}

/**
 * Locks for one writer a thread among all processes that share a home (TS-5).
 *
 * A lock is a file that names its owner by pid and start. It is written under another name and then linked, so it is never seen
 * half-written, and of many who try one wins. The lock of a dead owner is replaced, which only the holder of a second lock
 * beside it may do: so between the look at the dead owner and the replacement nobody else can have become the owner.
 */
export class WriterLocks {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #processes: ProcessTable;
  #claims = 0;

  constructor(options: {
    readonly disk: Disk;
    readonly directory: string;
    readonly processes: ProcessTable;
  }) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#processes = options.processes;
  }

  /**
   * Takes the lock of a thread, or says at once who has it. Never waits for an owner.
   *
   * @throws {StoreError} `locked`, naming the pid of the owner, which may be this process itself. What the disk refuses is
   * passed on as it is.
   */
  async acquire(threadId: string): Promise<WriterLock> {
    await makeDirectories(this.#disk, this.#directory);
    return this.#take(join(this.#directory, `${threadId}.lock`), TAKEOVER_DEPTH_LIMIT);
  }

  async #take(path: string, depth: number): Promise<WriterLock> {
    const claim = await this.#writeClaim(path);
    try {
      if (!(await this.#tryLink(claim, path))) await this.#takeOver(claim, path, depth);
    } finally {
      await this.#discard(claim.path);
    }
    return { release: () => this.#release(claim, path) };
  }

  async #writeClaim(path: string): Promise<Claim> {
    const { pid } = this.#processes;
    const startedAt = (await this.#processes.startOf(pid)) ?? UNKNOWN_START;
    for (let attempt = 1; ; attempt += 1) {
      this.#claims += 1;
      const claimPath = `${path}.${pid}-${this.#claims}`;
      // The name makes the text unlike that of any other claim, also of this process.
      const claim = {
        path: claimPath,
        text: JSON.stringify({ pid, startedAt, claim: basename(claimPath) }),
      };
      try {
        await this.#writeNew(claim);
        return claim;
      } catch (error) {
        if (diskErrorCode(error) !== 'EEXIST' || attempt === CLAIMS_LIMIT) throw error;
      }
    }
  }

  async #writeNew(claim: Claim): Promise<void> {
    const file = await this.#disk.openForAppend(claim.path, 'new');
    try {
      try {
        await file.append(new TextEncoder().encode(claim.text));
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.#discard(claim.path);
      throw error;
    }
  }

  /** Gives the claim the name of the lock where that is free; false when it has a dead owner. */
  async #tryLink(claim: Claim, path: string): Promise<boolean> {
    for (let attempt = 0; attempt < TRIES_LIMIT; attempt += 1) {
      try {
        await this.#disk.link(claim.path, path);
        return true;
      } catch (error) {
        if (diskErrorCode(error) !== 'EEXIST') throw error;
      }
      const owner = await this.#ownerOf(path);
      if (owner.type === 'alive') throw lockedBy(owner.pid);
      if (owner.type === 'dead') return false;
    }
    throw new StoreError('locked', 'the thread is being opened and closed by other processes');
  }

  /** Replaces the lock of a dead owner while holding the lock on takeovers. */
  async #takeOver(claim: Claim, path: string, depth: number): Promise<void> {
    if (depth === 0) {
      throw new StoreError(
        'locked',
        `${TAKEOVER_DEPTH_LIMIT} processes died while they took over this thread`,
      );
    }
    const takeover = await this.#take(`${path}.takeover`, depth - 1);
    try {
      // Meanwhile another one may have taken it over, and may have given it back.
      const isFree = await this.#tryLink(claim, path);
      if (!isFree) await this.#disk.rename(claim.path, path);
    } finally {
      // What stays behind is ours and ends with this process; the thread itself is taken, and that must not be forgotten.
      await takeover.release().catch(() => undefined);
    }
  }

  async #ownerOf(path: string): Promise<Owner> {
    const text = await this.#readIfPresent(path);
    if (text === undefined) return { type: 'none' };
    const owner = parseOwner(text);
    // A lock is complete before it gets its name, so only a power loss can have spoilt it, and that ended its owner.
    if (owner === undefined) return { type: 'dead' };
    const startedAt = await this.#processes.startOf(owner.pid);
    if (startedAt === undefined) return { type: 'dead' };
    const isSame =
      startedAt === owner.startedAt || startedAt === UNKNOWN_START || owner.startedAt === UNKNOWN_START;
    return isSame ? { type: 'alive', pid: owner.pid } : { type: 'dead' };
  }

  /** Removes the lock only while it is ours: somebody may have removed it by hand and taken it since. */
  async #release(claim: Claim, path: string): Promise<void> {
    if ((await this.#readIfPresent(path)) === claim.text) await this.#unlinkIfPresent(path);
  }

  /** Removes a claim where that works; one that stays is a small file that nobody reads. */
  async #discard(path: string): Promise<void> {
    await this.#disk.unlink(path).catch(() => undefined);
  }

  async #readIfPresent(path: string): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await this.#disk.readFile(path, LOCK_LIMIT_BYTES));
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #unlinkIfPresent(path: string): Promise<void> {
    try {
      await this.#disk.unlink(path);
    } catch (error) {
      if (diskErrorCode(error) !== 'ENOENT') throw error;
    }
  }
}

function lockedBy(pid: number): StoreError {
  return new StoreError('locked', `the thread is being written by process ${pid}`);
}

function parseOwner(text: string): { readonly pid: number; readonly startedAt: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) {
    return undefined;
  }
  const { pid, startedAt } = value;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  return typeof startedAt === 'string' ? { pid, startedAt } : undefined;
}
