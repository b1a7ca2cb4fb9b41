import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Opens those bytes for reading, as a file that has no name any more: nobody else can change what is read. The caller closes it.
 *
 * Throws the platform's error where no temporary file can be made.
 */
export function openNameless(bytes: Uint8Array): number {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-'));
  try {
    const path = join(directory, 'file');
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    return openSync(path, 'r');
  } finally {
    rmSync(directory, { recursive: true });
  }
}
