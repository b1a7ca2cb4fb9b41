import { LIMITS } from '@millrace/protocol';

/** First size of a part that grows, in bytes. */
const INITIAL_BYTES = 4_096;

/**
 * The output of a command in bounded memory: the first half of the bound, the last half, and a count of what was between.
 *
 * Appending costs time in proportion to the chunk (at most the bound), reading in proportion to what is kept. Memory grows with
 * the output, to at most twice the bound.
 */
export class OutputBuffer {
  readonly #headCapacity: number;
  readonly #tailCapacity: number;
  #head = new Uint8Array(0);
  #headLength = 0;
  /** A ring once it is full: the oldest byte is at `#tailStart`. */
  #tail = new Uint8Array(0);
  #tailStart = 0;
  #tailLength = 0;
  #totalBytes = 0;

  /** @param maxBytes What is kept in all; at least 2. */
  constructor(maxBytes: number = LIMITS.aggregatedOutputBytes) {
    if (!Number.isInteger(maxBytes) || maxBytes < 2)
      throw new RangeError(`${maxBytes} bytes cannot be kept in two halves`);
    this.#headCapacity = Math.floor(maxBytes / 2);
    this.#tailCapacity = maxBytes - this.#headCapacity;
  }

  /** Bytes appended so far, kept or not. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Takes a copy of the bytes. */
  append(chunk: Uint8Array): void {
    this.#totalBytes += chunk.length;
    const forHead = chunk.subarray(0, this.#headCapacity - this.#headLength);
    this.#head = withRoom(this.#head, this.#headLength + forHead.length, this.#headCapacity);
    this.#head.set(forHead, this.#headLength);
    this.#headLength += forHead.length;
    const rest = chunk.subarray(forHead.length);
    if (rest.length > 0) this.#appendToTail(rest.subarray(Math.max(rest.length - this.#tailCapacity, 0)));
  }

  /**
   * The output as UTF-8 text. Where bytes were left out, a line in their place says how many; the cuts are never inside a
   * character.
   */
  text(): string {
    const kept = this.#headLength + this.#tailLength;
    const head = this.#head.subarray(0, this.#headLength);
    const tail = this.#tailInOrder();
    if (this.#totalBytes === kept) return decode(join(head, tail));
    const headEnd = lastBoundary(head);
    const tailStart = firstBoundary(tail);
    const omitted = this.#totalBytes - headEnd - (tail.length - tailStart);
    return `${decode(head.subarray(0, headEnd))}\n... ${omitted} bytes omitted ...\n${decode(tail.subarray(tailStart))}`;
  }

  /** Not more bytes than the tail can hold. */
  #appendToTail(bytes: Uint8Array): void {
    const length = this.#tailLength + bytes.length;
    if (this.#tailStart === 0) this.#tail = withRoom(this.#tail, length, this.#tailCapacity);
    const size = this.#tail.length;
    const end = (this.#tailStart + this.#tailLength) % size;
    const untilWrap = bytes.subarray(0, size - end);
    this.#tail.set(untilWrap, end);
    this.#tail.set(bytes.subarray(untilWrap.length), 0);
    const overwritten = Math.max(length - size, 0);
    this.#tailStart = (this.#tailStart + overwritten) % size;
    this.#tailLength = length - overwritten;
  }

  #tailInOrder(): Uint8Array {
    const start = this.#tailStart;
    if (start === 0) return this.#tail.subarray(0, this.#tailLength);
    return join(this.#tail.subarray(start), this.#tail.subarray(0, start));
  }
}

/** The same bytes in an array of at least `length` bytes, at most `capacity`; doubles, so that growing is cheap. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number, capacity: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length || bytes.length === capacity) return bytes;
  const grown = new Uint8Array(Math.min(Math.max(bytes.length * 2, length, INITIAL_BYTES), capacity));
  grown.set(bytes);
  return grown;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
/** Continuation bytes of a UTF-8 character. */
const MAX_CONTINUATION = 3;

/** Where the last character of the bytes ends, when it is cut off there: before it. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= MAX_CONTINUATION && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Where the first whole character of the bytes starts. */
function firstBoundary(bytes: Uint8Array): number {
  let start = 0;
  while (start < MAX_CONTINUATION && isContinuation(bytes[start])) start += 1;
  return start;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
