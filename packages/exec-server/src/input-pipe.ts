import { closeSync, constants, openSync } from 'node:fs';
import { openNamedPipe, type Pipe } from './named-pipe.js';

/**
 * Opens a real pipe, for the input of a process.
 *
 * A shell whose input is a socket believes that it was started over a network: `bash -c` reads `~/.bashrc` then, which may print,
 * change its variables, or take a minute. Resolves like {@link openNamedPipe}.
 */
export function openInputPipe(): Promise<Pipe | undefined> {
  return openNamedPipe(openBothEnds);
}

/** The reader waits for input when it is read, as programs expect; opening it finds a writer, which is only there for that. */
function openBothEnds(path: string): Pipe {
  const both = openSync(path, constants.O_RDWR);
  try {
    const reader = openSync(path, constants.O_RDONLY);
    try {
      return { reader, writer: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
    } catch (error) {
      closeSync(reader);
      throw error;
    }
  } finally {
    closeSync(both);
  }
}
