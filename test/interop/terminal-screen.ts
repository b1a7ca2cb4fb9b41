import { systemClock } from '@millrace/channel';
import type { RunningProcess } from '@millrace/core/ports';
import { createProcessRunner, type LocalProcessRunner } from '@millrace/exec-server';
import headless from '@xterm/headless';

/** The size of the screen, in characters; large enough that no text of ours is wrapped or scrolled away. */
const SIZE = { rows: 50, columns: 140 };

/** How long the screen may take to show what is waited for, in milliseconds. */
const SHOW_LIMIT_MS = 20_000;

export interface ProgramOnScreen {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A program on a pseudo terminal, and the screen that a person would see. */
export class TerminalScreen {
  readonly #runner: LocalProcessRunner;
  readonly #process: RunningProcess;
  readonly #terminal = new headless.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
  readonly #listeners = new Set<() => void>();
  readonly #shown: Promise<void>;
  #hasEnded = false;

  private constructor(runner: LocalProcessRunner, process: RunningProcess) {
    this.#runner = runner;
    this.#process = process;
    // What the terminal answers to questions of the program, such as where the cursor is.
    this.#terminal.onData((answer) => this.type(answer));
    this.#shown = this.#show();
  }

  static async start({ argv, cwd, env }: ProgramOnScreen): Promise<TerminalScreen> {
    const runner = await createProcessRunner({ clock: systemClock });
    const process = await runner.spawn({
      argv,
      cwd,
      env: { ...env, TERM: 'xterm-256color' },
      terminal: SIZE,
      sandbox: null,
    });
    return new TerminalScreen(runner, process);
  }

  /** The lines of the screen, without what is blank at their ends. */
  get text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: SIZE.rows }, (_, row) =>
      active.getLine(active.baseY + row)?.translateToString(true),
    );
    return lines.join('\n').trimEnd();
  }

  /** Everything that has been scrolled away, and the screen. */
  get history(): string {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    ).join('\n');
  }

  /** Types keys, as a keyboard sends them. Keys that come after the end are lost, as everywhere. */
  type(keys: string): void {
    this.#process.write(Buffer.from(keys)).catch(() => {});
  }

  /** Gives a text at once, as from a clipboard; a program that looks at the speed of keys takes it for what it is. */
  paste(text: string): void {
    this.type(`\u001b[200~${text}\u001b[201~`);
  }

  /** Resolves when the text is on the screen. */
  shows(text: string): Promise<void> {
    return this.until(JSON.stringify(text), (screen) => screen.includes(text));
  }

  /** Resolves when the screen fits. @throws {Error} naming `what` when it did not in time, or the program ended. */
  async until(what: string, fits: (text: string) => boolean): Promise<void> {
    const deadline = Date.now() + SHOW_LIMIT_MS;
    while (!fits(this.text)) {
      if (this.#hasEnded) throw new Error(`the program ended; waited for ${what}`);
      if (Date.now() >= deadline) throw new Error(`waited in vain for ${what}`);
      await this.#change(deadline);
    }
  }

  /** Resolves with the exit code of the program, which is expected to end by itself. */
  async ended(): Promise<number | null> {
    await this.until('the end of the program', () => this.#hasEnded);
    return (await this.#process.exited).exitCode;
  }

  /** Kills what is left of it. */
  async close(): Promise<void> {
    await this.#runner.close();
    await this.#shown;
    this.#terminal.dispose();
  }

  async #show(): Promise<void> {
    for await (const bytes of this.#process.output) {
      await new Promise<void>((resolve) => {
        this.#terminal.write(bytes, resolve);
      });
      this.#wake();
    }
    this.#hasEnded = true;
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  async #change(deadline: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(1, deadline - Date.now()));
      this.#listeners.add(finish);
    });
  }
}
