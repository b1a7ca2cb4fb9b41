import { join } from 'node:path';
import { type Disk, diskErrorCode } from './disk.js';
import { makeDirectories } from './durable-directory.js';
import { IndexDatabase, sqliteErrorCode } from './index-database.js';
import { INDEX_DIRECTORY, INDEX_FILE } from './index-schema.js';

/** What a damaged index is renamed to; a later one takes its place. */
const DAMAGED = '.damaged';

/** An index that could be opened. */
export interface OpenedIndex {
  readonly database: IndexDatabase;
  /** What was found instead of an index and set aside, so that this one is new; undefined as a rule. */
  readonly damage: unknown;
}

/**
 * Opens the index of a home, or makes one, readable for this user only. One that is no database is set aside.
 *
 * Rejects where SQLite is not there for this platform, or the disk refuses.
 */
export async function openIndex(disk: Disk, home: string): Promise<OpenedIndex> {
  const { default: Database } = await import('libsql');
  await makeDirectories(disk, join(home, INDEX_DIRECTORY));
  const open = (): IndexDatabase => new IndexDatabase(new Database(indexPath(home)));
  try {
    return { database: open(), damage: undefined };
  } catch (error) {
    if (!isDamage(error)) throw error;
    await setIndexAside(disk, home);
    return { database: open(), damage: error };
  }
}

/** Takes a damaged index out of the way, together with the files that SQLite keeps beside it. */
export async function setIndexAside(disk: Disk, home: string): Promise<void> {
  const path = indexPath(home);
  await ifPresent(disk.rename(path, `${path}${DAMAGED}`));
  await ifPresent(disk.unlink(`${path}-wal`));
  await ifPresent(disk.unlink(`${path}-shm`));
}

/** Whether an error says that the file is damaged, not that something else is wrong. */
export function isDamage(error: unknown): boolean {
  const code = sqliteErrorCode(error) ?? '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

function indexPath(home: string): string {
  return join(home, INDEX_DIRECTORY, INDEX_FILE);
}

async function ifPresent(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (diskErrorCode(error) !== 'ENOENT') throw error;
  }
}
