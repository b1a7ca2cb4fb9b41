import type {
  ProcessExit,
  ProcessRunner,
  RunningProcess,
  SandboxStatus,
  SpawnRequest,
} from '@millrace/core/ports';

/** What a process does: yields its output and returns its exit code. Aborted when it is killed. */
export type Program = (
  request: SpawnRequest,
  killed: AbortSignal,
) => AsyncGenerator<Uint8Array, number, void>;

const KILLED_EXIT_CODE = 137;

/** A runner whose processes are generators. It records every process that was started, which is how a test knows what ran. */
export class ScriptedProcesses implements ProcessRunner {
  readonly sandbox: SandboxStatus;
  /** Every request that was carried out, in order. */
  readonly spawned: SpawnRequest[] = [];
  readonly #program: Program;
  #running = 0;

  constructor(
    program: Program = printNothing,
    sandbox: SandboxStatus = { type: 'available', kind: 'bubblewrap' },
  ) {
    this.#program = program;
    this.sandbox = sandbox;
  }

  /** Processes that have not ended. */
  get running(): number {
    return this.#running;
  }

  /** The shell scripts that ran, in order. */
  get scripts(): readonly string[] {
    return this.spawned.map(({ argv }) => argv.at(-1) ?? '');
  }

  async spawn(request: SpawnRequest): Promise<RunningProcess> {
    this.spawned.push(request);
    this.#running += 1;
    const killed = new AbortController();
    let settle = (_exit: ProcessExit): void => {};
    const exited = new Promise<ProcessExit>((resolve) => {
      settle = resolve;
    });
    const end = (exitCode: number): void => {
      if (killed.signal.aborted && exitCode !== KILLED_EXIT_CODE) return;
      this.#running -= 1;
      settle({ exitCode });
    };
    return {
      pid: this.spawned.length,
      output: outputOf(this.#program(request, killed.signal), killed.signal, end),
      exited,
      write: async () => {},
      resize: () => {},
      kill: async () => {
        if (!killed.signal.aborted) killed.abort();
        await exited;
      },
    };
  }
}

/** A program that prints a text in one piece and ends well. */
export function printing(text: string): Program {
  return async function* print() {
    yield new TextEncoder().encode(text);
    return 0;
  };
}

/** A program that never ends unless it is killed. */
export const hanging: Program = async function* hang(_request, killed) {
  await new Promise<void>((resolve) => killed.addEventListener('abort', () => resolve(), { once: true }));
  yield new Uint8Array();
  return KILLED_EXIT_CODE;
};

const printNothing: Program = printing('');

async function* outputOf(
  program: AsyncGenerator<Uint8Array, number, void>,
  killed: AbortSignal,
  onEnd: (exitCode: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    if (killed.aborted) return onEnd(KILLED_EXIT_CODE);
    const next = await program.next();
    if (killed.aborted) return onEnd(KILLED_EXIT_CODE);
    if (next.done === true) return onEnd(next.value);
    yield next.value;
  }
}
