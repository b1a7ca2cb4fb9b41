import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type CommandProcess, runCommandLine } from './command-line.js';

const HOME = join(tmpdir(), 'millrace-cli-home');
const NOWHERE = join(tmpdir(), 'millrace-cli-nowhere');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in this process, with streams of its own. */
async function run(input: string, ...argv: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written): Writable =>
    new Writable({
      write(chunk, _encoding, callback) {
        written[name] += String(chunk);
        callback();
      },
    });
  const process: CommandProcess = Object.assign(new EventEmitter(), {
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { MILLRACE_HOME: HOME },
    exit: (code: number): never => {
      throw new Error(`exit ${code}`);
    },
  });
  const code = await runCommandLine(argv, process);
  return { code, ...written };
}

describe('millrace', () => {
  it('tells its version, and where the configuration is', async () => {
    expect(await run('', '--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
    const path = join(HOME, 'config.toml');
    expect(await run('', 'config', 'path')).toEqual({ code: 0, stdout: `${path}\n`, stderr: '' });
  });

  it('helps with examples, without loading what it does not need', async () => {
    const { code, stdout, stderr } = await run('', 'exec', '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('git diff | millrace exec "review this change"');
  });

  it('answers wrong usage with 2 and what was meant', async () => {
    const typo = await run('', 'exce');
    expect([typo.code, typo.stdout]).toEqual([2, '']);
    expect(typo.stderr).toContain("unknown command 'exce'\n(Did you mean exec?)");
    const flag = await run('', 'exec', '--jsn');
    expect([flag.code, flag.stderr]).toEqual([2, "error: unknown option '--jsn'\n(Did you mean --json?)\n"]);
    const listen = await run('', 'app-server', '--listen', 'tcp://1');
    expect([listen.code, listen.stderr]).toEqual([
      2,
      "error: option '--listen <url>': 'tcp://1' is nothing to listen on. Expected stdio://, ws://IP:PORT, unix://PATH or off.\n",
    ]);
  });
});

describe('millrace exec', () => {
  it('says in one line what is wrong: no prompt, no directory', async () => {
    const empty = await run('', 'exec', '--scripted');
    expect([empty.code, empty.stdout]).toEqual([1, '']);
    expect(empty.stderr).toMatch(/^millrace: the prompt on standard input is empty\. Give it .*\n$/);
    const nowhere = await run('', 'exec', '--cd', NOWHERE, 'say hi');
    expect(nowhere).toEqual({
      code: 1,
      stdout: '',
      stderr: `millrace: --cd: ${NOWHERE} is no directory\n`,
    });
  });

  it('refuses a value that the configuration cannot have', async () => {
    const { code, stdout, stderr } = await run('', 'exec', '--config', 'sandbox_mode=open', 'say hi');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^millrace: `sandbox_mode`: expected one of .*, found `open` \(in config.toml or --config\)\n$/,
    );
  });

  it('does not take two models at once', async () => {
    const { code, stderr } = await run('', 'exec', '--scripted', '--provider', 'openai', 'say hi');
    expect(code).toBe(2);
    expect(stderr).toBe("error: option '--scripted' cannot be used with option '--provider <id>'\n");
  });
});
