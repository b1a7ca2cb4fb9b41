import { Deadline } from '@millrace/channel';
import { type SandboxRules, SpawnError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { launch } from './client-launch.js';
import type { RequestContext } from './request-context.js';
import { RpcError } from './rpc-error.js';

/** Every process can be killed at any time, so none may hold a lock, ask somebody, or fetch what is not here. */
const ENVIRONMENT = {
  GIT_DIR: null,
  GIT_WORK_TREE: null,
  GIT_INDEX_FILE: null,
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
};

/** A repository may name programs that git is to run; where a sandbox works, they can write nothing and reach nobody. */
const READ_ONLY: SandboxRules = { writableRoots: [], networkAccess: false };

/**
 * Git, as one request asks it about one directory. All its commands together have `LIMITS.gitMs`, and they are killed with the
 * connection.
 */
export class Git {
  readonly #cwd: string;
  readonly #context: RequestContext;
  readonly #deadline: Deadline;

  /** @param cwd Absolute. */
  constructor(cwd: string, context: RequestContext, deadline?: Deadline) {
    this.#cwd = cwd;
    this.#context = context;
    this.#deadline = deadline ?? Deadline.after(context.services.clock, LIMITS.gitMs);
  }

  /** The same in another directory, within the same time. */
  in(cwd: string): Git {
    return new Git(cwd, this.#context, this.#deadline);
  }

  /**
   * What a command prints; undefined where it fails, takes too long, or prints more than `LIMITS.gitOutputBytes`.
   *
   * @param good Exit codes that are no failure.
   * @throws {RpcError} `overloaded` where too many processes of clients run.
   */
  async run(args: readonly string[], good: readonly number[] = [0]): Promise<string | undefined> {
    const { connection, services } = this.#context;
    const running = await services.commands
      .start(connection, undefined, () => this.#launch(args))
      .catch((error: unknown) => {
        if (error instanceof RpcError && error.cause instanceof SpawnError) return undefined;
        throw error;
      });
    const end = await running?.ended;
    if (end === undefined || !good.includes(end.exitCode) || end.stdout.capReached) return undefined;
    return end.stdout.text;
  }

  #launch(args: readonly string[]) {
    const isSandboxed = this.#context.services.clientRunner.sandbox.type === 'available';
    return launch(
      {
        command: ['git', '--no-pager', '-c', 'core.fsmonitor=false', ...args],
        cwd: this.#cwd,
        env: ENVIRONMENT,
        terminal: null,
        takesInput: false,
        sandbox: isSandboxed ? READ_ONLY : null,
        capBytes: LIMITS.gitOutputBytes,
        timeoutMs: this.#deadline.remainingMs,
        deltas: undefined,
      },
      this.#context,
      'git',
    );
  }
}
