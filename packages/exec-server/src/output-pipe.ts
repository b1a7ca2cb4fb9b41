import { closeSync, constants, openSync } from 'node:fs';
import { openNamedPipe, type Pipe } from './named-pipe.js';

/**
 * Opens a real pipe, for both output streams of a process.
 *
 * On a socket `/dev/stdout` and `/dev/stderr` cannot be opened, a closed reader is a reset connection, and two of them lose the order
 * between the streams. Resolves like {@link openNamedPipe}.
 */
export function openOutputPipe(): Promise<Pipe | undefined> {
  return openNamedPipe(openBothEnds);
}

/** Neither end waits: the reader does not need a writer, and the writer finds the reader. */
function openBothEnds(path: string): Pipe {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(reader);
    throw error;
  }
}
