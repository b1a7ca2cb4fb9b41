import type { ThreadRecord } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { DiskFile } from './disk.js';
import { recoverLines } from './recover.js';
import { JsonlThreadLog } from './thread-log.js';

const record = (startedAt: number): ThreadRecord => ({ type: 'turnStarted', turnId: 'turn', startedAt });
const records = (count: number): readonly ThreadRecord[] =>
  Array.from({ length: count }, (_, index) => record(index));
const bigRecord = (bytes: number): ThreadRecord => ({
  type: 'turnStarted',
  turnId: 'x'.repeat(bytes),
  startedAt: 0,
});

class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`${code}: refused`);
    this.code = code;
  }
}

/** A file in memory that says what was done to it, and waits for {@link RecordingFile.open} where its gate is shut. */
class RecordingFile implements DiskFile {
  readonly operations: string[] = [];
  readonly failing = new Map<string, string>();
  #contents = Buffer.alloc(0);
  #gate: Promise<void> = Promise.resolve();
  #openGate: () => void = () => undefined;

  get written(): readonly ThreadRecord[] {
    return recoverLines(this.#contents).records;
  }

  get sizeBytes(): number {
    return this.#contents.length;
  }

  shut(): void {
    this.#gate = new Promise((resolve) => {
      this.#openGate = resolve;
    });
  }

  open(): void {
    this.#openGate();
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#begin('append', () => {
      this.#contents = Buffer.concat([this.#contents, bytes.subarray(0, 10)]);
    });
    this.#contents = Buffer.concat([this.#contents, bytes]);
  }

  async truncate(sizeBytes: number): Promise<void> {
    await this.#begin('truncate');
    this.#contents = this.#contents.subarray(0, sizeBytes);
  }

  datasync(): Promise<void> {
    return this.#begin('datasync');
  }

  sync(): Promise<void> {
    return this.#begin('sync');
  }

  close(): Promise<void> {
    return this.#begin('close');
  }

  async #begin(operation: string, onFailure: () => void = () => undefined): Promise<void> {
    this.operations.push(operation);
    await this.#gate;
    const code = this.failing.get(operation);
    if (code === undefined) return;
    onFailure();
    throw new DiskError(code);
  }
}

const logOn = (file: RecordingFile, sizeBytes = 0) => {
  const releases: string[] = [];
  const log = new JsonlThreadLog({
    onCommitted: () => undefined,
    threadId: 'thread-1',
    file,
    sizeBytes,
    nextSeq: 0,
    release: async () => {
      releases.push('released');
    },
  });
  return { log, releases };
};

describe('JsonlThreadLog', () => {
  it('writes everything appended in one tick with one write and one fdatasync (TS-1)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    const synced = records(50).map((each) => {
      log.append([each]);
      return log.sync();
    });
    await Promise.all(synced);
    expect(file.operations).toEqual(['append', 'datasync']);
    expect(file.written).toEqual(records(50));
  });

  it('writes what arrives during a sync with one further write, and acknowledges each after its own (TS-1)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    const acknowledged: string[] = [];
    file.shut();
    log.append([record(0)]);
    const first = log.sync().then(() => acknowledged.push(`first after ${file.operations.join()}`));
    await Promise.resolve();
    await Promise.resolve();
    log.append([record(1)]);
    const second = log.sync().then(() => acknowledged.push(`second after ${file.operations.join()}`));
    log.append([record(2)]);
    const third = log.sync();
    file.open();
    await Promise.all([first, second, third]);
    expect(acknowledged).toEqual([
      expect.stringMatching(/^first after append,datasync/),
      'second after append,datasync,append,datasync',
    ]);
    expect(file.written).toEqual(records(3));
  });

  it('does not acknowledge while the fdatasync is under way (TS-1)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    file.shut();
    log.append([record(0)]);
    let isAcknowledged = false;
    const synced = log.sync().then(() => {
      isAcknowledged = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(isAcknowledged).toBe(false);
    file.open();
    await synced;
    expect(isAcknowledged).toBe(true);
  });

  it('keeps records in memory until somebody syncs', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    log.append(records(3));
    await new Promise(setImmediate);
    expect(file.operations).toEqual([]);
  });

  it('begins to write on its own once a mebibyte waits', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    log.append([bigRecord(1_048_576)]);
    await new Promise(setImmediate);
    expect(file.operations).toEqual(['append', 'datasync']);
    await log.sync();
    expect(file.operations).toEqual(['append', 'datasync']);
  });

  it('has nothing to do for a sync with nothing appended', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    await log.sync();
    expect(file.operations).toEqual([]);
  });

  it.each([
    ['append', 'ENOSPC'],
    ['append', 'EIO'],
    ['datasync', 'EIO'],
    ['datasync', 'ENOSPC'],
  ])('is poisoned by a failed %s with %s and keeps the good prefix (TS-6, TS-7)', async (operation, code) => {
    const file = new RecordingFile();
    const { log, releases } = logOn(file);
    log.append([record(0)]);
    await log.sync();
    const goodBytes = file.sizeBytes;
    file.failing.set(operation, code);
    log.append([record(1)]);
    const both = await Promise.allSettled([log.sync(), log.sync()]);
    file.failing.clear();
    const failure = { name: 'StoreError', code: 'io', message: expect.stringContaining(code) };
    expect(both).toMatchObject([{ reason: failure }, { reason: failure }]);
    log.append([record(2)]);
    await expect(log.sync()).rejects.toMatchObject(failure);
    await expect(log.close()).rejects.toMatchObject(failure);
    expect(file.sizeBytes).toBe(goodBytes);
    expect(file.operations.slice(-3)).toEqual(['truncate', 'sync', 'close']);
    expect(releases).toEqual(['released']);
  });

  it('fails those who wait for the next commit as well, without writing it (TS-6)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    file.failing.set('datasync', 'EIO');
    file.shut();
    log.append([record(0)]);
    const first = log.sync();
    await Promise.resolve();
    await Promise.resolve();
    log.append([record(1)]);
    const second = log.sync();
    file.open();
    expect(await Promise.allSettled([first, second])).toMatchObject([
      { status: 'rejected', reason: { code: 'io' } },
      { status: 'rejected', reason: { code: 'io' } },
    ]);
    expect(file.operations.filter((operation) => operation === 'append')).toHaveLength(1);
  });

  it('stays poisoned when the file cannot be cut either (TS-6)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    for (const operation of ['append', 'truncate']) file.failing.set(operation, 'EIO');
    log.append([record(0)]);
    await expect(log.sync()).rejects.toMatchObject({ code: 'io' });
    await expect(log.sync()).rejects.toMatchObject({ code: 'io' });
  });

  it('tells a failure of a write that nobody asked for to the next sync (TS-6)', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    file.failing.set('append', 'ENOSPC');
    log.append([bigRecord(1_048_576)]);
    await new Promise(setImmediate);
    await expect(log.sync()).rejects.toMatchObject({ code: 'io' });
  });

  it('is poisoned by more bytes than may wait, and says so', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    file.shut();
    for (let count = 0; count < 3; count += 1) log.append([bigRecord(LIMITS.unsyncedBytes / 3)]);
    const synced = log.sync();
    file.open();
    await expect(synced).rejects.toThrow(`more than ${LIMITS.unsyncedBytes} bytes wait for the disk`);
  });

  it('is poisoned by a record that is longer than a line may be, and says so', async () => {
    const { log } = logOn(new RecordingFile());
    log.append([bigRecord(LIMITS.threadLogLineBytes)]);
    await expect(log.sync()).rejects.toThrow(`over the limit of ${LIMITS.threadLogLineBytes} bytes`);
  });

  it('is poisoned before its file gets too big to be read again', async () => {
    const { log } = logOn(new RecordingFile(), 536_870_900);
    log.append([record(0)]);
    await expect(log.sync()).rejects.toThrow('over the limit of 536870912 bytes');
  });

  it('is poisoned by a record that is not JSON, and keeps what was acknowledged', async () => {
    const file = new RecordingFile();
    const { log } = logOn(file);
    log.append([record(0)]);
    await log.sync();
    const cycle: Record<string, unknown> = {};
    cycle.itself = cycle;
    log.append([{ type: 'response', item: cycle as never }]);
    await expect(log.sync()).rejects.toThrow('a record cannot be written as JSON');
    expect(file.written).toEqual([record(0)]);
  });

  it('writes what is left when it is closed, once, and takes nothing after', async () => {
    const file = new RecordingFile();
    const { log, releases } = logOn(file);
    log.append([record(0)]);
    const closings = [log.close(), log.close()];
    log.append([record(1)]);
    await Promise.all(closings);
    await log.close();
    await expect(log.sync()).rejects.toMatchObject({ code: 'closed' });
    expect(file.operations).toEqual(['append', 'datasync', 'close']);
    expect(file.written).toEqual([record(0)]);
    expect(releases).toEqual(['released']);
  });

  it('gives the lock back although the file does not close', async () => {
    const file = new RecordingFile();
    const { log, releases } = logOn(file);
    file.failing.set('close', 'EIO');
    await expect(log.close()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('closed'),
    });
    expect(releases).toEqual(['released']);
  });
});
