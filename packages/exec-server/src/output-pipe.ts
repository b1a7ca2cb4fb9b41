import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Two descriptors of this process, both closed at exec. Whoever opens a pipe closes both. */
export interface OutputPipe {
  readonly reader: number;
  readonly writer: number;
}

/**
 * Opens a real pipe, for both output streams of a process.
 *
 * What Node itself gives its children are sockets: `/dev/stdout` and `/dev/stderr` cannot be opened on them, a closed reader
 * is a reset connection, and two of them lose the order between the streams. Node has no call that makes a pipe, so this is
 * a named one whose name is gone again when the promise resolves. Takes about two milliseconds.
 *
 * Resolves with undefined where no pipe can be made: no `mkfifo`, no writable temporary directory, no descriptor left.
 */
export async function openOutputPipe(): Promise<OutputPipe | undefined> {
  try {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-pipe-'));
    try {
      const path = join(directory, 'pipe');
      await promisify(execFile)('mkfifo', ['-m', '600', path]);
      return openBothEnds(path);
    } finally {
      await rm(directory, { recursive: true });
    }
  } catch {
    return undefined;
  }
}

/** Neither end waits: the reader does not need a writer, and the writer finds the reader. */
function openBothEnds(path: string): OutputPipe {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(reader);
    throw error;
  }
}
