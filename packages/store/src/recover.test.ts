import type { ThreadMeta, ThreadRecord } from '@millrace/core/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLine, parseLine } from './line-format.js';
import { recoverLines } from './recover.js';

const META: ThreadMeta = {
  id: '01900000-0000-7000-8000-000000000001',
  createdAt: 1_795_000_000,
  cwd: '/project/Zürich "quoted" \u2028\u{1f40b}\\n',
  source: 'exec',
  originator: 'test',
  cliVersion: '0.1.0',
  model: 'scripted',
  modelProvider: 'scripted',
  forkedFromId: null,
};

/** A thread of that many turns, two records each, after the first record. */
const threadOf = (turns: number): readonly ThreadRecord[] => [
  { type: 'thread', meta: META },
  ...Array.from({ length: turns }, (_, index): readonly ThreadRecord[] => [
    { type: 'turnStarted', turnId: `turn-${index}`, startedAt: index },
    {
      type: 'turnEnded',
      turnId: `turn-${index}`,
      status: 'failed',
      error: null,
      completedAt: index,
      durationMs: index * 7,
    },
  ]).flat(),
];

const encode = (records: readonly ThreadRecord[]): readonly Buffer[] =>
  records.map((record, seq) => Buffer.from(encodeLine(seq, record)));

/** How many of the lines end at or before that byte. */
const wholeLines = (lines: readonly Buffer[], cut: number): number => {
  let end = 0;
  let count = 0;
  for (const line of lines) {
    end += line.length;
    if (end > cut) break;
    count += 1;
  }
  return count;
};

const expectPrefix = (
  bytes: Uint8Array,
  lines: readonly Buffer[],
  records: readonly ThreadRecord[],
): void => {
  const count = wholeLines(lines, bytes.length);
  const validBytes = lines.slice(0, count).reduce((sum, line) => sum + line.length, 0);
  const recovery = recoverLines(bytes);
  expect(recovery.validBytes).toBe(validBytes);
  expect(recovery.records).toEqual(records.slice(0, count));
};

describe('recoverLines', () => {
  it('keeps exactly the whole lines of a file that is cut at any byte (TS-2, TS-3)', () => {
    const records = threadOf(10);
    const lines = encode(records);
    const file = Buffer.concat(lines);
    for (let cut = 0; cut <= file.length; cut += 1) expectPrefix(file.subarray(0, cut), lines, records);
  });

  it('keeps exactly the whole lines of a file of 200 turns that is cut around any line end (TS-3)', () => {
    const records = threadOf(200);
    const lines = encode(records);
    const file = Buffer.concat(lines);
    let end = 0;
    for (const [index, line] of lines.entries()) {
      end += line.length;
      expect(recoverLines(file.subarray(0, end - 1)).records).toHaveLength(index);
      expect(recoverLines(file.subarray(0, end)).validBytes).toBe(end);
      expect(recoverLines(file.subarray(0, end + 1)).records).toHaveLength(index + 1);
    }
  });

  it('notices every single flipped bit and keeps the lines before it (TS-4)', () => {
    const records = threadOf(3);
    const lines = encode(records);
    const file = Buffer.concat(lines);
    for (let bit = 0; bit < file.length * 8; bit += 1) {
      const byte = Math.floor(bit / 8);
      const damaged = Buffer.from(file);
      damaged[byte] = (damaged[byte] ?? 0) ^ (1 << (bit % 8));
      const { records: kept } = recoverLines(damaged);
      expect(kept).toEqual(records.slice(0, wholeLines(lines, byte)));
    }
  });

  it('notices every flipped bit in a line of each of 100 records (TS-4)', () => {
    for (const line of encode(threadOf(50))) {
      const bytes = line.subarray(0, -1);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const byte = Math.floor(bit / 8);
        const original = bytes[byte] ?? 0;
        bytes[byte] = original ^ (1 << (bit % 8));
        const parsed = parseLine(bytes);
        bytes[byte] = original;
        // The number of the line has no checksum: another number is another place, which is noticed there.
        if (parsed !== undefined) expect(parsed.seq).not.toBe(parseLine(bytes)?.seq);
      }
    }
  });

  it.each([
    ['is missing', [0, 1, 3]],
    ['is there twice', [0, 1, 1, 2]],
    ['is in another place', [0, 2, 1]],
  ])('ends the prefix where a line %s (TS-2)', (_, order) => {
    const lines = encode(threadOf(2));
    const shuffled = Buffer.concat(order.map((index) => lines[index] ?? Buffer.alloc(0)));
    expect(recoverLines(shuffled).records).toHaveLength(order.findIndex((line, index) => line !== index));
  });

  it.each([
    ['nothing', ''],
    ['zeros', '\0'.repeat(512)],
    ['an empty line', '\n'],
    ['another JSON', '{"seq":0}\n'],
    ['an item without a type', '{"seq":0,"crc32":2745614147,"item":{}}\n'],
    ['an item that is no object', '{"seq":0,"crc32":2212294583,"item":1}\n'],
    ['an item that is no JSON', '{"seq":0,"crc32":0,"item":}\n'],
    ['a number with a leading zero', '{"seq":00,"crc32":0,"item":}\n'],
  ])('finds no line in %s', (_, text) => {
    expect(recoverLines(Buffer.from(text))).toEqual({ records: [], validBytes: 0, lastLineBytes: 0 });
  });

  it('gives back any record as it was written (TS-9)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.json().map((text): unknown => JSON.parse(text)),
          { maxLength: 5 },
        ),
        (values) => {
          const records = values.map((value): ThreadRecord => ({ type: 'response', item: value as never }));
          expect(recoverLines(Buffer.concat(encode(records))).records).toEqual(records);
        },
      ),
      { seed: 20_261_121, numRuns: 500 },
    );
  });

  it('gives back lone surrogates, line separators and keys that could change a prototype (TS-9)', () => {
    const item: unknown = JSON.parse('{"__proto__":{"a":1},"text":"\\ud800\\u2028\\u0000\\n"}');
    const record: ThreadRecord = { type: 'response', item: item as never };
    expect(JSON.stringify(recoverLines(Buffer.from(encodeLine(0, record))).records)).toBe(
      JSON.stringify([record]),
    );
  });
});
