import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Two descriptors of this process, both closed at exec. Whoever opens a pipe closes both. */
export interface Pipe {
  readonly reader: number;
  readonly writer: number;
}

/**
 * Has a real pipe opened.
 *
 * What Node itself gives its children are sockets, which programs take for a peer on a network. Node has no call that makes a pipe,
 * so this is a named one whose name is gone again when the promise resolves. Takes about two milliseconds.
 *
 * Resolves with undefined where no pipe can be made: no `mkfifo`, no writable temporary directory, no descriptor left.
 *
 * @param open Opens both ends of what has that path; must not wait.
 */
export async function openNamedPipe(open: (path: string) => Pipe): Promise<Pipe | undefined> {
  try {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-pipe-'));
    try {
      const path = join(directory, 'pipe');
      await promisify(execFile)('mkfifo', ['-m', '600', path]);
      return open(path);
    } finally {
      await rm(directory, { recursive: true });
    }
  } catch {
    return undefined;
  }
}
