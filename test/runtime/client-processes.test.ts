import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { scriptedModel } from '@millrace/model';
import { startRuntime } from '@millrace/runtime';
import { memoryStore } from '@millrace/store';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const FULL = { sandboxPolicy: { type: 'dangerFullAccess' } };
const EXPERIMENTAL = { capabilities: { experimentalApi: true } };
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const bash = (script: string) => ['bash', '-c', script];

/** A runtime with real processes. */
async function start() {
  const cwd = await temporaryDirectory();
  const server = await startRuntime({
    home: join(cwd, 'home'),
    cwd,
    environment: { PATH: process.env.PATH, HOME: cwd, MY_TOKEN: 'secret' },
    model: scriptedModel({ clock: systemClock }),
    store: memoryStore(),
  });
  onTestFinished(() => server.finishShutdown());
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  return { server, peer, cwd, exec: (params: object) => peer.ask('command/exec', { ...FULL, ...params }) };
}

/** What a stream of deltas says. */
function textOf(entries: Awaited<ReturnType<TestPeer['readTo']>>, stream: string): string {
  return entries
    .map(paramsOf)
    .filter((params) => params.stream === stream)
    .map((params) => Buffer.from(String(params.deltaBase64), 'base64').toString())
    .join('');
}

describe('command/exec', () => {
  it('answers with both streams apart and the exit code', async () => {
    const { exec } = await start();
    expect(await exec({ command: bash('echo out; echo err >&2; exit 4') })).toMatchObject({
      result: { exitCode: 4, stdout: 'out\n', stderr: 'err\n' },
    });
  });

  it('gives a command no secrets of the server, and the variables that the client says', async () => {
    const { exec } = await start();
    const env = { FOO: 'bar', HOME: null };
    expect(await exec({ command: bash('echo $FOO-$HOME-$MY_TOKEN'), env })).toMatchObject({
      result: { stdout: 'bar--\n' },
    });
  });

  it('ends at its time with 124', async () => {
    const { exec } = await start();
    expect(await exec({ command: ['sleep', '30'], timeoutMs: 50 })).toMatchObject({
      result: { exitCode: 124 },
    });
  });

  it('keeps no more of a stream than was asked for, and reads the rest', async () => {
    const { exec } = await start();
    expect(await exec({ command: bash('seq 1 100000; exit 2'), outputBytesCap: 5 })).toMatchObject({
      result: { exitCode: 2, stdout: '1\n2\n3' },
    });
  });

  it.each([
    [{ command: [] }, -32_600, 'command must not be empty'],
    [
      { command: ['true'], tty: true },
      -32_600,
      'command/exec tty or streaming requires a client-supplied processId',
    ],
    [{ command: ['true'], size: { rows: 1, cols: 1 } }, -32_602, 'command/exec size requires tty: true'],
    [{ command: ['true'], timeoutMs: -1 }, -32_602, 'command/exec timeoutMs must be non-negative, got -1'],
    [{ command: ['/no/such'] }, -32_603, 'failed to spawn command: No such file or directory (os error 2)'],
    [
      { command: ['true'], timeoutMs: 1, disableTimeout: true },
      -32_602,
      'command/exec cannot set both timeoutMs and disableTimeout',
    ],
  ])('refuses %j', async (params, code, message) => {
    const { exec } = await start();
    expect(await exec(params)).toMatchObject({ error: { code, message } });
  });

  it('streams, takes input, and says the end after the last output', async () => {
    const { peer, exec } = await start();
    const params = { processId: 'p', streamStdin: true, streamStdoutStderr: true };
    const ended = exec({ command: ['cat'], ...params });
    await peer.request('command/exec/write', { processId: 'p', deltaBase64: base64('hi\n') });
    expect(textOf(await peer.readTo('command/exec/outputDelta'), 'stdout')).toBe('hi\n');
    expect(await exec({ command: ['true'], ...params })).toMatchObject({
      error: { message: 'duplicate active command/exec process id: "p"' },
    });
    expect(
      await peer.ask('command/exec/resize', { processId: 'p', size: { rows: 1, cols: 1 } }),
    ).toMatchObject({ error: { message: 'failed to resize PTY: process is not attached to a PTY' } });
    await peer.request('command/exec/write', { processId: 'p', closeStdin: true });
    expect(await ended).toMatchObject({ result: { exitCode: 0, stdout: '', stderr: '' } });
    expect(await peer.ask('command/exec/terminate', { processId: 'p' })).toMatchObject({
      error: { code: -32_600, message: 'no active command/exec for process id "p"' },
    });
  });

  it('loses nothing where the client reads late: the process is held at its pipe', async () => {
    const { server } = await start();
    const slow = await TestPeer.connect(server, { channelCapacity: 4 });
    const command = bash('head -c 3000000 /dev/zero');
    const params = { command, processId: 'p', streamStdoutStderr: true, disableOutputCap: true, ...FULL };
    const ended = slow.ask('command/exec', params);
    let bytes = 0;
    while (bytes < 3_000_000) {
      const entries = await slow.readTo('command/exec/outputDelta');
      expect(entries.map(kindOf)).not.toContain('lagged');
      bytes += textOf(entries, 'stdout').length;
    }
    expect(bytes).toBe(3_000_000);
    expect(await ended).toMatchObject({ result: { exitCode: 0 } });
  });

  it('terminated, it answers 1, also where nobody reads its output', async () => {
    const { server } = await start();
    const slow = await TestPeer.connect(server, { channelCapacity: 1 });
    const params = { command: ['yes'], processId: 'p', streamStdoutStderr: true, disableOutputCap: true };
    const ended = slow.ask('command/exec', { ...params, ...FULL });
    await slow.readTo('command/exec/outputDelta');
    await slow.request('command/exec/terminate', { processId: 'p' });
    expect(await ended).toMatchObject({ result: { exitCode: 1 } });
  });
});

describe('process/spawn', () => {
  it('answers when it runs and tells its end once', async () => {
    const { peer } = await start();
    await peer.request('process/spawn', {
      command: bash('echo a; echo b >&2; exit 3'),
      processHandle: 'h',
      cwd: '/',
    });
    expect(paramsOf((await peer.readTo('process/exited')).at(-1))).toEqual({
      processHandle: 'h',
      exitCode: 3,
      outputDrainTimedOut: false,
      stdout: 'a\n',
      stdoutCapReached: false,
      stderr: 'b\n',
      stderrCapReached: false,
    });
  });

  it('killed, it exits with 1, and its handle is free again', async () => {
    const { peer } = await start();
    const params = { command: ['sleep', '30'], processHandle: 'h', cwd: '/' };
    await peer.request('process/spawn', params);
    await peer.request('process/kill', { processHandle: 'h' });
    expect(paramsOf((await peer.readTo('process/exited')).at(-1))).toMatchObject({ exitCode: 1 });
    expect(await peer.ask('process/kill', { processHandle: 'h' })).toMatchObject({
      error: { message: 'no active process for process handle "h"' },
    });
    await peer.request('process/spawn', { ...params, command: ['true'] });
  });

  it('ends with the connection that started it', async () => {
    const cwd = await temporaryDirectory();
    const { peer } = await start();
    await peer.request('process/spawn', {
      command: bash('echo $$; sleep 30'),
      processHandle: 'h',
      cwd,
      streamStdoutStderr: true,
    });
    const pid = Number(textOf(await peer.readTo('process/outputDelta'), 'stdout'));
    peer.leave();
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });

  it('is refused by a server whose processes are for agents alone', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server, EXPERIMENTAL);
    const reply = await peer.ask('process/spawn', { command: ['true'], processHandle: 'h', cwd: '/' });
    expect(reply).toMatchObject({ error: { code: -32_603 } });
  });
});
