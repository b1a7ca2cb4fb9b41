import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonlStore } from './jsonl-store.js';

const META = {
  id: 'thread-1',
  createdAt: 1_795_251_469,
  cwd: '/project',
  source: 'exec',
  originator: 'test',
  cliVersion: '0.1.0',
  model: 'scripted',
  modelProvider: 'scripted',
  forkedFromId: null,
};

/** Creates a thread, syncs one record more, says so, and keeps the thread open. */
const WRITER = `
  import { jsonlStore } from '@millrace/store';
  const [directory, meta] = JSON.parse(process.env.MILLRACE_TEST_WRITER);
  const log = await jsonlStore({ directory }).create(meta);
  log.append([{ type: 'turnStarted', turnId: 'turn', startedAt: 1 }]);
  await log.sync();
  console.log('synced');
  setInterval(() => undefined, 1_000);
`;

let home: string;
let writer: ChildProcess | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-processes-'));
});

afterEach(async () => {
  writer?.kill('SIGKILL');
  await rm(home, { recursive: true });
});

const startWriter = async (): Promise<ChildProcess> => {
  const options = ['--conditions=millrace-source', '--import=tsx', '--input-type=module', '--eval', WRITER];
  const child = spawn(process.execPath, options, {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, MILLRACE_TEST_WRITER: JSON.stringify([home, META]) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writer = child;
  await once(child.stdout, 'data');
  return child;
};

describe('jsonlStore in two processes', () => {
  it('refuses a thread that another process writes, and takes it over whole when that one is killed (TS-1, TS-5)', async () => {
    const child = await startWriter();
    const store = jsonlStore({ directory: home });
    await expect(store.open(META.id)).rejects.toMatchObject({
      code: 'locked',
      message: `the thread is being written by process ${child.pid}`,
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await store.open(META.id)).toMatchObject({
      records: [{ type: 'thread', meta: META }, { type: 'turnStarted' }],
      setAsideBytes: 0,
    });
    await store.close();
  });
});
