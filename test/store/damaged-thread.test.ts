import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ThreadRecord } from '@millrace/core/ports';
import { jsonlStore, recoverLines } from '@millrace/store';
import { SeededRandom } from '@millrace/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindOf, paramsOf, TestPeer } from '../runtime/test-peer.js';
import { startTestRuntime } from '../runtime/test-runtime.js';
import { keepRealThread, type RealThread } from './real-thread.js';

const NEWLINE = 0x0a;
const TURNS = 200;

let directory: string;
let thread: RealThread;
let records: readonly ThreadRecord[];
/** Where each line ends, in bytes, its newline included. */
let ends: readonly number[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-damaged-'));
  thread = await keepRealThread(directory, TURNS);
  ({ records } = recoverLines(thread.bytes));
  ends = [...thread.bytes.keys()].filter((byte) => thread.bytes[byte] === NEWLINE).map((byte) => byte + 1);
});

afterAll(() => rm(directory, { recursive: true }));

/** How many lines end at or before that byte. */
const linesBefore = (byte: number): number => {
  const next = ends.findIndex((end) => end > byte);
  return next === -1 ? ends.length : next;
};

/** What was set aside, all of it together; those files are gone afterwards. */
async function takeSetAside(): Promise<Buffer> {
  const day = dirname(thread.path);
  const names = (await readdir(day)).filter((name) => name.startsWith(`${basename(thread.path)}.set-aside`));
  const taken = await Promise.all(names.map((name) => readFile(join(day, name))));
  await Promise.all(names.map((name) => rm(join(day, name))));
  return Buffer.concat(taken);
}

/** Opens the thread with that in its file, as the next process would, and closes it. */
async function openWith(bytes: Uint8Array) {
  await writeFile(thread.path, bytes);
  const damages: Error[] = [];
  const store = jsonlStore({ directory, onDamage: (error) => damages.push(error) });
  const opened = await store.open(thread.threadId);
  await store.close();
  return { opened, damages };
}

describe(`the file of a thread of ${TURNS} turns`, () => {
  it('keeps exactly the whole lines, cut at any of its bytes (TS-2, TS-3)', () => {
    expect(ends.at(-1)).toBe(thread.bytes.length);
    expect(records).toHaveLength(ends.length);
    let cuts = 0;
    // What precedes the line before the cut does not matter to the cut: each line is read from where the last one ended.
    for (const [line, end] of ends.entries()) {
      const before = ends[line - 2] ?? 0;
      const kept = Math.min(line, 1);
      const keptBytes = (ends[line - 1] ?? 0) - before;
      for (let cut = ends[line - 1] ?? 0; cut < end; cut += 1) {
        const recovered = recoverLines(thread.bytes.subarray(before, cut), line - kept);
        cuts += 1;
        if (recovered.records.length !== kept || recovered.validBytes !== keptBytes)
          expect.fail(`cut at byte ${cut}: ${recovered.records.length} lines, ${recovered.validBytes} bytes`);
      }
    }
    expect(cuts).toBe(thread.bytes.length);
    console.log(`cut at each of ${cuts} bytes, ${ends.length} lines, ${TURNS} turns`);
  });

  it('opens with exactly the whole lines, cut at 40 of its bytes, and the rest is set aside (TS-3)', async () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 40; round += 1) {
      const cut = random.int(ends[0] ?? 0, thread.bytes.length);
      const { opened, damages } = await openWith(thread.bytes.subarray(0, cut));
      const kept = linesBefore(cut);
      const rest = thread.bytes.subarray(ends[kept - 1], cut);
      expect(isDeepStrictEqual(opened?.records, records.slice(0, kept))).toBe(true);
      expect(opened).toMatchObject({ setAsideBytes: rest.length, lostLines: 0 });
      expect(rest.equals(await takeSetAside())).toBe(true);
      expect(damages).toEqual([]); // What was never finished was never acknowledged.
    }
  });

  it('opens with exactly the lines before a flipped bit, at 40 places, and the rest is set aside and told (TS-4)', async () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 40; round += 1) {
      const byte = random.int(ends[0] ?? 0, thread.bytes.length - 1);
      const damaged = Buffer.from(thread.bytes);
      damaged[byte] = (damaged[byte] ?? 0) ^ (1 << random.int(0, 7));
      const { opened, damages } = await openWith(damaged);
      const kept = linesBefore(byte);
      expect(isDeepStrictEqual(opened?.records, records.slice(0, kept))).toBe(true);
      const rest = damaged.subarray(ends[kept - 1]);
      expect(opened?.setAsideBytes).toBe(rest.length);
      expect(rest.equals(await takeSetAside())).toBe(true);
      const lost = rest.filter((each) => each === NEWLINE).length;
      expect(opened?.lostLines).toBe(lost);
      expect(damages).toHaveLength(lost > 0 ? 1 : 0);
    }
  });
});

describe('whoever resumes a damaged thread', () => {
  it('is told once what the disk lost, and goes on from what is before it (TS-4)', async () => {
    const half = ends[Math.floor(ends.length / 2)] ?? 0;
    const damaged = Buffer.from(thread.bytes);
    damaged[half + 20] = 0;
    await writeFile(thread.path, damaged);
    const faults: string[] = [];
    const store = jsonlStore({ directory, onDamage: (error) => faults.push(error.message) });
    const { server } = await startTestRuntime({ store, cwd: directory });
    const peer = await TestPeer.connect(server);
    const { threadId } = thread;
    const lost = ends.length - linesBefore(half);
    await peer.request('thread/resume', { threadId });
    const message = `The last ${lost} records of this thread are damaged on disk. They were set aside, and the thread goes on from what is before them.`;
    expect(paramsOf((await peer.readTo('warning')).at(-1))).toEqual({ threadId, message });
    expect(faults).toEqual([`the last ${lost} lines of thread ${threadId} are damaged and were set aside`]);
    await peer.startTurn(threadId, 'say more');
    expect(paramsOf((await peer.readTo('turn/completed')).at(-1))).toMatchObject({
      turn: { status: 'completed' },
    });
    await peer.request('thread/resume', { threadId });
    expect(peer.drain().map(kindOf)).not.toContain('warning');
  });
});
