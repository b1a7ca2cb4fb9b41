import type { ThreadRecord } from '@millrace/core/ports';
import { NEWLINE, parseLine } from './line-format.js';

/** What a thread file still says. */
export interface Recovery {
  readonly records: readonly ThreadRecord[];
  /** Length in bytes of the good prefix. The writer cuts the file to it before it appends. */
  readonly validBytes: number;
  /** Of them those of its last line, with the newline; 0 where there is none. */
  readonly lastLineBytes: number;
}

/**
 * Reads the longest good prefix of a thread file.
 *
 * A line counts when it ends in a newline, has the next sequence number, and every bit of it is as it was written. The first
 * line that does not count ends the prefix: either it was never acknowledged, or the disk lost it, and what follows cannot be
 * trusted to belong to what precedes.
 *
 * @param bytes The whole file, as read, or the rest of it from the line with the number `firstSeq` on.
 */
export function recoverLines(bytes: Uint8Array, firstSeq = 0): Recovery {
  const records: ThreadRecord[] = [];
  let start = 0;
  let lastLineBytes = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const line = parseLine(bytes.subarray(start, end));
    if (line?.seq !== firstSeq + records.length) break;
    records.push(line.record);
    lastLineBytes = end + 1 - start;
    start = end + 1;
  }
  return { records, validBytes: start, lastLineBytes };
}
