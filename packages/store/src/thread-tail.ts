import { crc32 } from 'node:zlib';
import type { ThreadRecord } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { Disk } from './disk.js';
import { NEWLINE } from './line-format.js';
import { recoverLines } from './recover.js';

/** How far a thread file was read, and what its last line was, so that a file that was cut meanwhile is noticed. */
export interface FilePosition {
  /** Bytes of the good lines. */
  readonly endBytes: number;
  /** The number of the next line. */
  readonly nextSeq: number;
  /** Bytes of the last line with its newline, 0 before the first. */
  readonly lastLineBytes: number;
  /** Checksum of the last line, over all its bytes. */
  readonly lastLineCrc: number;
}

/** Before the first line. */
export const FILE_START: FilePosition = { endBytes: 0, nextSeq: 0, lastLineBytes: 0, lastLineCrc: 0 };

/** The next records of a thread file. */
export interface Tail {
  readonly records: readonly ThreadRecord[];
  readonly position: FilePosition;
  /** False when there may be more behind them. */
  readonly isAtEnd: boolean;
}

/** Bytes that are read at once, so that a long file neither fills the memory nor holds up the event loop. */
const PART_BYTES = 65_536;

/**
 * Reads on in a thread file. As in recovery, the first line that is not whole ends it.
 *
 * @returns `'changed'` when the last line that was read is not what it was. Rejects with the disk's own error.
 */
export async function readTail(disk: Disk, path: string, from: FilePosition): Promise<Tail | 'changed'> {
  const startByte = from.endBytes - from.lastLineBytes;
  for (let partBytes = PART_BYTES; ; partBytes *= 2) {
    const lengthBytes = from.lastLineBytes + partBytes;
    const bytes = await disk.readPart(path, startByte, lengthBytes);
    const lastLine = bytes.subarray(0, from.lastLineBytes);
    if (lastLine.length < from.lastLineBytes || crc32(lastLine) !== from.lastLineCrc) return 'changed';
    const rest = bytes.subarray(from.lastLineBytes);
    const isLast = bytes.length < lengthBytes;
    if (isLast || rest.includes(NEWLINE)) return tailOf(rest, from, isLast);
    if (partBytes > LIMITS.threadLogLineBytes) return { records: [], position: from, isAtEnd: true };
  }
}

function tailOf(bytes: Uint8Array, from: FilePosition, isLast: boolean): Tail {
  const { records, validBytes, lastLineBytes } = recoverLines(bytes, from.nextSeq);
  const isAtEnd = isLast || bytes.includes(NEWLINE, validBytes);
  if (records.length === 0) return { records, position: from, isAtEnd };
  const position = {
    endBytes: from.endBytes + validBytes,
    nextSeq: from.nextSeq + records.length,
    lastLineBytes,
    lastLineCrc: crc32(bytes.subarray(validBytes - lastLineBytes, validBytes)),
  };
  return { records, position, isAtEnd };
}
