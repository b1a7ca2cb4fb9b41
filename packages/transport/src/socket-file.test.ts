import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { claimSocketPath, protectSocket } from './socket-file.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-socket-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function listen(path: string): Promise<Server> {
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

/** Leaves a socket behind that nobody listens on, as a process that was killed does. */
function leaveSocket(path: string): void {
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', code]);
}

it('makes the directory, for the user alone', async () => {
  const path = join(directory, 'a', 'b', 's.sock');
  await claimSocketPath(path);
  expect((await stat(join(directory, 'a', 'b'))).mode & 0o777).toBe(0o700);
});

it('replaces a socket that nobody answers, and leaves nothing else behind', async () => {
  const path = join(directory, 's.sock');
  leaveSocket(path);
  expect(await readdir(directory)).toEqual(['s.sock']);
  await claimSocketPath(path);
  expect(await readdir(directory)).toEqual([]);
});

it('does not touch a socket that somebody answers', async () => {
  const path = join(directory, 's.sock');
  await listen(path);
  await expect(claimSocketPath(path)).rejects.toThrow('another server listens there already');
  expect(await readdir(directory)).toEqual(['s.sock']);
});

it('does not touch what is no socket', async () => {
  const path = join(directory, 'notes');
  await writeFile(path, 'mine');
  await expect(claimSocketPath(path)).rejects.toThrow('no socket is there already');
});

it('uses no directory that others may enter', async () => {
  const open = join(directory, 'open');
  await mkdir(open, { mode: 0o755 });
  await expect(claimSocketPath(join(open, 's.sock'))).rejects.toThrow('closed to others');
});

it('says so where the path is longer than the system takes', async () => {
  const path = join(directory, 'x'.repeat(100));
  await expect(claimSocketPath(path)).rejects.toThrow('has at most 103 bytes');
});

it('lets nobody but the owner connect', async () => {
  const path = join(directory, 's.sock');
  await listen(path);
  await protectSocket(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
