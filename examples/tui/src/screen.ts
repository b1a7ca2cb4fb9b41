import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const COLUMNS = 100;
const ROWS = 40;
/** Milliseconds between two looks at the screen. */
const POLL_MS = 20;

export interface ProgramOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A program in a pseudo terminal, seen as a person sees it: keys go in, a screen comes out. */
export class Screen {
  readonly #pty: IPty;
  readonly #terminal = new xterm.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: 2_000,
    allowProposedApi: true,
  });
  /** Settles with the exit code once the program has ended. */
  readonly exited: Promise<number>;

  constructor({ argv: [file, ...args], cwd, environment }: ProgramOptions) {
    const env = { ...environment, TERM: 'xterm-256color' };
    this.#pty = spawn(file, args, { cols: COLUMNS, rows: ROWS, cwd, env });
    this.#pty.onData((data) => this.#terminal.write(data));
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => resolve(exitCode));
    });
  }

  /** Everything that was printed and not overwritten, scrolled away or not. */
  get text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    );
    return lines.join('\n');
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Resolves when the screen shows it. Rejects with the screen after that many milliseconds. */
  async waitFor(what: string | RegExp, limitMs = 15_000): Promise<void> {
    const isThere = (): boolean =>
      typeof what === 'string' ? this.text.includes(what) : what.test(this.text);
    for (let waitedMs = 0; !isThere(); waitedMs += POLL_MS) {
      if (waitedMs >= limitMs) throw new Error(`the screen does not show ${what}:\n${this.text.trimEnd()}`);
      await pause(POLL_MS);
    }
  }

  /** The exit code. Rejects after that many milliseconds. */
  async waitForExit(limitMs = 15_000): Promise<number> {
    let code: number | undefined;
    void this.exited.then((exitCode) => {
      code = exitCode;
    });
    for (let waitedMs = 0; waitedMs < limitMs && code === undefined; waitedMs += POLL_MS)
      await pause(POLL_MS);
    if (code === undefined) throw new Error(`the program did not end:\n${this.text.trimEnd()}`);
    return code;
  }

  kill(): void {
    this.#pty.kill();
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
