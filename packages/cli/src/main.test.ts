import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Each test starts a process, which takes seconds on a machine that is busy otherwise. */
const TIMEOUT_MS = 30_000;

let directory: string;

beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'millrace-cli-')));
});

afterAll(() => rm(directory, { recursive: true }));

type Command = ChildProcessByStdio<Writable, Readable, Readable>;

/** The command as a process of its own, from source, with a home of its own. */
function launch(...argv: readonly string[]): Command {
  return spawn(process.execPath, ['--import', 'tsx', '--conditions=millrace-source', MAIN, ...argv], {
    cwd: PACKAGE,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      SHELL: '/bin/sh',
      MILLRACE_HOME: join(directory, 'home'),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(command: Command): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

function run(input: string, ...argv: readonly string[]): Promise<Ended> {
  const command = launch(...argv);
  command.stdin.on('error', () => {}); // A command that needs no input may be gone already.
  command.stdin.end(input);
  return ended(command);
}

const exec = (input: string, ...argv: readonly string[]): Promise<Ended> =>
  run(
    input,
    'exec',
    '--scripted',
    '--ephemeral',
    '--sandbox',
    'danger-full-access',
    '--cd',
    directory,
    ...argv,
  );

describe.concurrent('millrace exec', { timeout: TIMEOUT_MS }, () => {
  it('runs a piped prompt: progress on standard error, the message on standard output', async () => {
    const { code, stdout, stderr } = await exec('run echo hi\nsay Ran.\n');
    expect([code, stdout]).toEqual([0, 'Ran.\n']);
    expect(stderr).toContain('$ echo hi\n  hi\n  exit 0 after ');
    expect(stderr).not.toContain('\u001b');
  });

  it('names the place of a mistake in the configuration, and shows no stack', async () => {
    await writeFile(join(directory, 'config.toml'), 'model = "x"\nmodel_provider = \n');
    const { code, stdout, stderr } = await exec('say hi', '--home', directory);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^millrace: \S*config\.toml:2:\d+: .*\n$/);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('interrupts the turn at %s, tells its end and exits with %i', async (signal, exitCode) => {
    const command = launch('exec', '--scripted', '--ephemeral', '--json', '-s', 'danger-full-access', '-');
    command.stdin.end('run sleep 60');
    const lines: string[] = [];
    for await (const line of createInterface({ input: command.stdout })) {
      lines.push(line);
      if (line.includes('"item.started"')) command.kill(signal);
    }
    const [code] = command.exitCode === null ? await once(command, 'exit') : [command.exitCode];
    expect([code, lines.at(-1)]).toEqual([exitCode, '{"type":"turn.interrupted"}']);
  });

  it('ends by itself when nobody reads its output any more', async () => {
    const command = launch('exec', '--scripted', '--ephemeral', '--json', '-');
    command.stdin.end(`say one\n${'say more\n'.repeat(200)}`);
    await once(command.stdout, 'data');
    command.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(command.stderr), once(command, 'close')]);
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe.concurrent('millrace app-server', { timeout: TIMEOUT_MS }, () => {
  it('serves a client over standard input and output, and ends with it', async () => {
    const command = launch('app-server', '--channel-capacity', '4');
    const ending = ended(command);
    const clientInfo = { name: 'cli_test', version: '1' };
    command.stdin.write(`${JSON.stringify({ id: 1, method: 'initialize', params: { clientInfo } })}\n`);
    command.stdin.write(`${JSON.stringify({ method: 'initialized' })}\n`);
    command.stdin.write(`${JSON.stringify({ id: 2, method: 'thread/loaded/list', params: {} })}\n`);
    await once(command.stdout, 'data');
    command.stdin.end();
    const { code, stdout, stderr } = await ending;
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((message) => 'result' in message);
    expect([code, stderr]).toEqual([0, '']);
    expect(answers).toEqual([
      { id: 1, result: expect.objectContaining({ codexHome: join(directory, 'home') }) },
      { id: 2, result: { data: [], nextCursor: null } },
    ]);
  });
});
