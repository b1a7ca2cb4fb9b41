import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { createProcessRunner, type DetectedSandbox, type LocalProcessRunner } from '@millrace/exec-server';
import { Directory } from './directory.js';
import { Services } from './services.js';
import { Victim } from './victim.js';

let made = 0;

/** What stands around a sandbox, and what somebody outside can see of it. Fresh for each attempt. */
export class Playground {
  readonly root: Directory;
  /** A second writable root, whose repository is elsewhere in it. */
  readonly tree: Directory;
  readonly outside: Directory;
  readonly victim: Victim;
  readonly services: Services;
  /** Paths outside that everybody may write. */
  readonly shared: string;
  readonly temporary: string;
  /** A number that nobody else uses, to find again what a command left. */
  readonly mark: string;
  readonly terminal: Terminal;
  readonly #top: string;
  readonly #runner: LocalProcessRunner;

  private constructor(parts: {
    readonly top: string;
    readonly mark: string;
    readonly victim: Victim;
    readonly services: Services;
    readonly terminal: Terminal;
    readonly runner: LocalProcessRunner;
  }) {
    this.#top = parts.top;
    this.#runner = parts.runner;
    this.root = new Directory(join(parts.top, 'root'));
    this.tree = new Directory(join(parts.top, 'tree'));
    this.outside = new Directory(join(parts.top, 'outside'));
    this.victim = parts.victim;
    this.services = parts.services;
    this.terminal = parts.terminal;
    this.mark = parts.mark;
    this.shared = `/dev/shm/escape-${parts.mark}`;
    this.temporary = `/tmp/escape-${parts.mark}`;
  }

  static async make(detected: DetectedSandbox): Promise<Playground> {
    // Not below the temporary directory, which is one of the things to get out of.
    const top = realpathSync(mkdtempSync(join(homedir(), '.escape-')));
    const mark = String(4_000_000 + (process.pid % 10_000) * 100 + made++);
    furnish(top);
    const runner = await createProcessRunner({
      clock: systemClock,
      probe: async () => detected,
      protectedPaths: [join(top, 'root/home')],
    });
    const open = openSync(join(top, 'outside/file'), 'r+');
    try {
      const services = await Services.start({
        path: join(top, 'outside/socket'),
        pathInRoot: join(top, 'root/socket-of-others'),
        abstract: `escape-${mark}`,
      });
      const terminal = await Terminal.open(runner, top);
      return new Playground({ top, mark, victim: new Victim(open), services, terminal, runner });
    } finally {
      closeSync(open);
    }
  }

  /** Runs a script in the writable root, and returns what it printed when it has ended and everything it left was killed. */
  async run(script: string, isConfined: boolean): Promise<string> {
    const running = await this.#runner.spawn({
      argv: ['sh', '-c', script],
      cwd: this.root.path(),
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', OUT: this.outside.path(), TREE: this.tree.path() },
      terminal: null,
      sandbox: isConfined
        ? { writableRoots: [this.root.path(), this.tree.path()], networkAccess: false }
        : null,
    });
    const over = new AbortController();
    const reaching = this.services.reach(over.signal);
    let output = '';
    for await (const bytes of running.output) output += Buffer.from(bytes).toString();
    await running.exited;
    over.abort();
    await reaching;
    return output;
  }

  processesWithMark(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => commandLine(pid).includes(this.mark));
  }

  kernelLog(): string {
    return execFileSync('dmesg', { encoding: 'utf8', maxBuffer: 2 ** 26 });
  }

  async clear(): Promise<void> {
    await this.#runner.close();
    await this.victim.end();
    await this.services.stop();
    for (const pid of this.processesWithMark()) process.kill(pid, 'SIGKILL');
    for (const line of readFileSync('/proc/sysvipc/shm', 'utf8').split('\n')) {
      const [, id, , size] = line.trim().split(/\s+/);
      if (id !== undefined && size === this.mark) execFileSync('ipcrm', ['-m', id]);
    }
    const mount = this.outside.path('mount');
    if (readFileSync('/proc/mounts', 'utf8').includes(mount)) execFileSync('umount', [mount]);
    for (const path of [this.#top, this.shared, this.temporary])
      rmSync(path, { recursive: true, force: true });
  }
}

/** A terminal outside, with a program on it that only waits. */
class Terminal {
  readonly path: string;
  #shown = '';

  private constructor(path: string) {
    this.path = path;
  }

  static async open(runner: LocalProcessRunner, cwd: string): Promise<Terminal> {
    const running = await runner.spawn({
      argv: ['sh', '-c', 'tty; exec sleep 600'],
      cwd,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
      terminal: { rows: 24, columns: 80 },
      sandbox: null,
    });
    const output = running.output[Symbol.asyncIterator]();
    const first = await output.next();
    const terminal = new Terminal(
      Buffer.from(first.value ?? [])
        .toString()
        .trim(),
    );
    void terminal.#read(output);
    return terminal;
  }

  shown(): string {
    return this.#shown;
  }

  async #read(output: AsyncIterator<Uint8Array>): Promise<void> {
    for (let next = await output.next(); next.done !== true; next = await output.next())
      this.#shown += Buffer.from(next.value).toString();
  }
}

function furnish(top: string): void {
  for (const directory of [
    'root/.git/hooks',
    'root/.agents',
    'root/home/rules',
    'outside/mount',
    'tree/store.git',
  ])
    mkdirSync(join(top, directory), { recursive: true });
  for (const name of ['outside/file', 'root/.git/config', 'root/home/config.toml', 'tree/store.git/config'])
    writeFileSync(join(top, name), 'good');
  writeFileSync(join(top, 'tree/.git'), 'gitdir: store.git\n');
  symlinkSync(join(top, 'outside'), join(top, 'root/out'));
}

function commandLine(pid: number): string {
  const path = `/proc/${pid}/cmdline`;
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch {
    return ''; // It ended meanwhile.
  }
}
