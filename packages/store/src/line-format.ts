import { crc32 } from 'node:zlib';
import type { ThreadRecord } from '@millrace/core/ports';

/** What ends a line and so commits it: without it the line was not written. */
export const NEWLINE = 0x0a;

/** Everything of a line before its item; numbers as `JSON.stringify` writes them, so that no other spelling counts. */
const HEAD = /^\{"seq":(0|[1-9]\d{0,15}),"crc32":(0|[1-9]\d{0,9}),"item":/;

/** Bytes that the head can have at most: the fixed parts and both numbers. */
const HEAD_LIMIT_BYTES = 64;

const CLOSING_BRACE = 0x7d;

/** One line of a thread file. */
export interface Line {
  /** The place of the line in its file, from 0. */
  readonly seq: number;
  readonly record: ThreadRecord;
}

/**
 * Writes a record as one line: `{"seq":n,"crc32":c,"item":{…}}` and a newline. The checksum is that of zlib, over the UTF-8
 * bytes of the JSON text of the item.
 *
 * @throws {TypeError | RangeError} where `JSON.stringify` does: for a cycle, a bigint, or nesting beyond the stack.
 */
export function encodeLine(seq: number, record: ThreadRecord): string {
  const item = JSON.stringify(record);
  return `{"seq":${seq},"crc32":${crc32(item)},"item":${item}}\n`;
}

/**
 * Reads one line, given without its newline; undefined when a single bit of it is not as {@link encodeLine} wrote it.
 *
 * The checksum is compared before anything is parsed, over the bytes as they stand, so it also vouches for the shape of the
 * record: it is what some version of this program wrote.
 */
export function parseLine(bytes: Uint8Array): Line | undefined {
  const head = HEAD.exec(latin1(bytes.subarray(0, HEAD_LIMIT_BYTES)));
  if (head === null || bytes.at(-1) !== CLOSING_BRACE) return undefined;
  const item = bytes.subarray(head[0].length, -1);
  if (crc32(item) !== Number(head[2])) return undefined;
  const record = parseRecord(item);
  return record === undefined ? undefined : { seq: Number(head[1]), record };
}

function parseRecord(bytes: Uint8Array): ThreadRecord | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // A foreign line whose checksum happens to be right.
  }
}

function isRecord(value: unknown): value is ThreadRecord {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
