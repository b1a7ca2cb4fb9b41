import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { SandboxRules } from '@millrace/core/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrapCommand } from './bubblewrap.js';
import { createProcessRunner, type LocalProcessRunner } from './process-runner.js';
import { probeSandbox } from './sandbox-probe.js';

const detected = await probeSandbox({
  clock: systemClock,
  platform: process.platform,
  path: process.env.PATH,
});
const hasSandbox = detected.type === 'available';
if (!hasSandbox)
  console.warn(`NOT TESTED: escapes from the sandbox, because ${detected.reason}; ${detected.remedy}`);

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
const SIZE = { rows: 24, columns: 80 };
let top: string;
let root: string;
let runner: LocalProcessRunner;

beforeAll(async () => {
  runner = await createProcessRunner({ clock: systemClock, probe: async () => detected });
});
afterAll(() => runner.close());

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'bubblewrap-')));
  root = join(top, 'root');
  mkdirSync(join(root, '.git/hooks'), { recursive: true });
  writeFileSync(join(root, '.git/config'), 'config');
  return () => rmSync(top, { recursive: true });
});

interface Attempt {
  readonly rules?: Partial<SandboxRules>;
  readonly cwd?: string;
  readonly terminal?: boolean;
}

/** Runs a script in the sandbox and returns what it printed and its exit code. */
async function attempt(script: string, { rules, cwd = root, terminal = false }: Attempt = {}) {
  const running = await runner.spawn({
    argv: ['sh', '-c', script],
    cwd,
    env,
    terminal: terminal ? SIZE : null,
    sandbox: { writableRoots: [root], networkAccess: false, ...rules },
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.output) chunks.push(chunk);
  const { exitCode } = await running.exited;
  return { output: Buffer.concat(chunks).toString().trim(), exitCode };
}

/** The command lines of running processes that hold a word. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // It ended meanwhile.
      }
    })
    .filter((line) => line.includes(word));
}

describe('bubblewrapCommand', () => {
  const wrap = async (rules: SandboxRules, keepSession = false) =>
    (
      await bubblewrapCommand(
        { argv: ['ls', '-l'], cwd: root, env },
        { executable: '/bwrap', rules, keepSession },
      )
    ).argv;

  it('puts the command last and everything it takes before it', async () => {
    const argv = await wrap({ writableRoots: [root], networkAccess: false });
    expect(argv[0]).toBe('/bwrap');
    expect(argv.slice(-5)).toEqual(['--chdir', root, '--', 'ls', '-l']);
    expect(argv.join(' ')).toContain(`--bind ${root} ${root} --ro-bind ${root}/.git ${root}/.git`);
    expect(argv).toEqual(
      expect.arrayContaining(['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop']),
    );
    expect(argv).not.toContain('--share-net');
  });

  it('shares the network and keeps the session only when told', async () => {
    const argv = await wrap({ writableRoots: [], networkAccess: true }, true);
    expect(argv).toContain('--share-net');
    expect(argv).not.toContain('--new-session');
    expect(argv).not.toContain('--tmpfs');
  });

  it('mounts outer roots before inner ones, each once, and leaves out those that do not exist', async () => {
    const inner = join(root, 'inner');
    mkdirSync(inner);
    symlinkSync(root, join(top, 'link'));
    const argv = await wrap({
      writableRoots: [inner, join(top, 'link'), root, join(top, 'no')],
      networkAccess: false,
    });
    expect(argv.flatMap((word, index) => (word === '--bind' ? [argv[index + 1]] : []))).toEqual([
      root,
      inner,
    ]);
  });

  it('refuses a root that is not absolute', async () => {
    await expect(wrap({ writableRoots: ['here'], networkAccess: false })).rejects.toThrow('absolute');
  });
});

describe('without a sandbox', () => {
  it('a command that needs one never runs', async () => {
    const reason = 'none';
    const none = await createProcessRunner({
      clock: systemClock,
      probe: async () => ({ type: 'unavailable', reason, remedy: reason }),
    });
    const sandbox = { writableRoots: [root], networkAccess: false };
    const request = { argv: ['touch', join(root, 'ran')], cwd: root, env, terminal: null, sandbox } as const;
    await expect(none.spawn(request)).rejects.toMatchObject({ code: 'sandboxUnavailable' });
    expect(existsSync(join(root, 'ran'))).toBe(false);
    await none.close();
  });
});

describe.runIf(hasSandbox)('inside the sandbox', () => {
  it('reads everywhere and writes inside the roots', async () => {
    writeFileSync(join(top, 'outside'), 'seen');
    expect(await attempt('cat ../outside && echo made > file')).toEqual({ output: 'seen', exitCode: 0 });
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('made\n');
  });

  it('opens its output by name', async () => {
    expect(await attempt('echo a > /dev/stdout; echo b > /dev/stderr')).toEqual({
      output: 'a\nb',
      exitCode: 0,
    });
  });

  it('writes nowhere else', async () => {
    symlinkSync(top, join(root, 'out'));
    for (const path of [
      '../file',
      'out/file',
      `${tmpdir()}/escaped`,
      '/etc/escaped',
      '/proc/self/root/etc/escaped',
    ]) {
      expect((await attempt(`echo escaped > ${path}`)).exitCode).not.toBe(0);
    }
    expect((await attempt('echo escaped > file', { rules: { writableRoots: [] } })).exitCode).not.toBe(0);
    expect(['file', 'root/file'].filter((name) => existsSync(join(top, name)))).toEqual([]);
  });

  it('cannot change, move or replace protected directories', async () => {
    mkdirSync(join(root, '.codex'));
    const attempts = [
      'echo evil > .git/hooks/pre-commit',
      'echo evil >> .git/config',
      'mv .git old',
      'rm -rf .git',
      'chmod 777 .git',
      'touch .codex/config.toml',
      'mkdir -p x && cd x && echo evil > ../.git/config',
    ];
    for (const script of attempts) expect((await attempt(script)).exitCode).not.toBe(0);
    expect(readFileSync(join(root, '.git/config'), 'utf8')).toBe('config');
    expect(existsSync(join(root, '.codex/config.toml'))).toBe(false);
  });

  it('cannot change the directory that a .git file names', async () => {
    const tree = join(root, 'tree');
    mkdirSync(tree);
    mkdirSync(join(root, 'store/tree'), { recursive: true });
    writeFileSync(join(tree, '.git'), `gitdir: ${root}/store/tree\n`);
    const rules = { writableRoots: [tree, root] };
    expect((await attempt('touch ../store/tree/HEAD', { rules, cwd: tree })).exitCode).toBe(0);
    writeFileSync(join(tree, '.git'), 'gitdir: ./real\n');
    mkdirSync(join(tree, 'real'));
    expect((await attempt('touch real/HEAD', { rules, cwd: tree })).exitCode).not.toBe(0);
    expect((await attempt('echo "gitdir: x" > .git', { rules, cwd: tree })).exitCode).not.toBe(0);
  });

  it('has no network unless it is given', async () => {
    const server = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const connect = `"${process.execPath}" -e 'const s=require("net").connect(${port},"127.0.0.1");s.pipe(process.stdout);s.on("error",e=>{console.log(e.code);process.exitCode=1})'`;
    expect(await attempt(connect, { rules: { networkAccess: true } })).toEqual({
      output: 'reached',
      exitCode: 0,
    });
    expect((await attempt(connect)).exitCode).toBe(1);
    expect((await attempt('ls /run')).output).toBe('');
    server.close();
  });

  it('sees and signals no process outside', async () => {
    expect((await attempt(`kill -0 ${process.pid}`)).exitCode).not.toBe(0);
    expect(Number((await attempt('ls /proc | grep -c "^[0-9]"')).output)).toBeLessThan(10);
    expect((await attempt('kill -9 -1; echo alive')).exitCode).not.toBe(-1);
    expect(process.kill(process.pid, 0)).toBe(true);
  });

  it('has no rights left: it cannot mount or change a mount', async () => {
    expect((await attempt('grep CapEff /proc/self/status')).output).toMatch(/^CapEff:\t0+$/);
    expect((await attempt('grep NoNewPrivs /proc/self/status')).output).toMatch(/1$/);
    expect((await attempt('mount -o remount,rw /')).exitCode).not.toBe(0);
    expect((await attempt('umount .git')).exitCode).not.toBe(0);
  });

  it('has no disk of the machine among its devices', async () => {
    const { output } = await attempt(
      'cd /dev; for f in *; do test -b $f && echo $f; done; test ! -e mem -a ! -e kmsg && echo none',
    );
    expect(output).toBe('none');
  });

  it('has a private temporary directory where no other is writable', async () => {
    const script = 'f=$(mktemp) && echo kept > $f && cat $f && cat <<END\nhere\nEND';
    expect(await attempt(script)).toEqual({ output: 'kept\nhere', exitCode: 0 });
    expect((await attempt('ls $TMPDIR')).output).toBe('');
    expect((await attempt('echo "<$TMPDIR>"', { rules: { writableRoots: [tmpdir()] } })).output).toBe('<>');
  });

  it('passes exit codes and signals on, and reports a missing program as missing', async () => {
    expect((await attempt('exit 42')).exitCode).toBe(42);
    expect((await attempt('kill -TERM $$')).exitCode).toBe(143);
    const sandbox = { writableRoots: [], networkAccess: false };
    const request = { argv: ['no-such-program'], cwd: root, env, terminal: null, sandbox } as const;
    await expect(runner.spawn(request)).rejects.toMatchObject({ code: 'notFound' });
  });

  it('is killed as a whole, also what made a session of its own', async () => {
    const mark = `1000.${process.pid}`; // Recognised among the processes of the machine by its argument.
    const running = await runner.spawn({
      argv: ['sh', '-c', `trap '' TERM; setsid sleep ${mark} & sleep ${mark} & echo ready; wait`],
      cwd: root,
      env,
      terminal: null,
      sandbox: { writableRoots: [], networkAccess: false },
    });
    const output = running.output[Symbol.asyncIterator]();
    expect(Buffer.from((await output.next()).value ?? []).toString()).toBe('ready\n');
    expect(processesWith(mark).length).toBeGreaterThan(0);
    await running.kill();
    expect(await running.exited).toEqual({ exitCode: 137 });
    expect(await output.next()).toEqual({ done: true, value: undefined });
    while (processesWith(mark).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(processesWith(mark)).toEqual([]);
  });

  it('works on a terminal, with the same walls', async () => {
    const shown = await attempt('stty size; echo evil > .git/config', { terminal: true });
    expect(shown.output).toMatch(/^24 80\r\n.*(Read-only|cannot create)/s);
    expect(shown.exitCode).not.toBe(0);
    expect(readFileSync(join(root, '.git/config'), 'utf8')).toBe('config');
  });

  it('holds a terminal that lets the program be interrupted', async () => {
    const running = await runner.spawn({
      argv: ['sh', '-c', 'echo ready; exec sleep 1000'],
      cwd: root,
      env,
      terminal: SIZE,
      sandbox: { writableRoots: [], networkAccess: false },
    });
    await running.output[Symbol.asyncIterator]().next();
    await running.write(Buffer.from([3]));
    expect(await running.exited).toEqual({ exitCode: 130 });
  });
});
