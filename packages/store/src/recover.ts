import type { ThreadRecord } from '@millrace/core/ports';
import { NEWLINE, parseLine } from './line-format.js';

/** What a thread file still says. */
export interface Recovery {
  readonly records: readonly ThreadRecord[];
  /** Length in bytes of the good prefix. The writer cuts the file to it before it appends. */
  readonly validBytes: number;
}

/**
 * Reads the longest good prefix of a thread file.
 *
 * A line counts when it ends in a newline, has the next sequence number, and every bit of it is as it was written. The first
 * line that does not count ends the prefix: either it was never acknowledged, or the disk lost it, and what follows cannot be
 * trusted to belong to what precedes.
 *
 * @param bytes The whole file, as read.
 */
export function recoverLines(bytes: Uint8Array): Recovery {
  const records: ThreadRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const line = parseLine(bytes.subarray(start, end));
    if (line === undefined || line.seq !== records.length) break;
    records.push(line.record);
    start = end + 1;
  }
  return { records, validBytes: start };
}
