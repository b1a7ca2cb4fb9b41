import { TaskGroup } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { RunningClientProcess } from './client-process.js';
import type { Connection } from './connection.js';
import type { Diagnostics } from './diagnostics.js';
import { invalidRequest, overloaded, RpcError } from './rpc-error.js';

/** Methods that start processes, each with ids of its own. */
export type ProcessFamily = 'command/exec' | 'process';

const WORDS: Readonly<Record<ProcessFamily, ProcessWords>> = {
  'command/exec': {
    duplicate: (id) => `duplicate active command/exec process id: ${id}`,
    unknown: (id) => `no active command/exec for process id ${id}`,
  },
  process: {
    duplicate: (id) => `duplicate active process handle: ${id}`,
    unknown: (id) => `no active process for process handle ${id}`,
  },
};

/** What is said of an id that is in use, and of one that is not. */
interface ProcessWords {
  readonly duplicate: (id: string) => string;
  readonly unknown: (id: string) => string;
}

/**
 * The processes that clients have started by one family of methods. A process belongs to one connection and is killed with it.
 *
 * Memory: at most `LIMITS.clientProcesses` processes, those that are starting included.
 */
export class ClientProcesses {
  readonly #words: ProcessWords;
  readonly #tasks: TaskGroup;
  readonly #byConnection = new Map<Connection, Map<string, Promise<RunningClientProcess>>>();
  #nextUnnamed = 0;
  #count = 0;

  constructor(family: ProcessFamily, diagnostics: Diagnostics) {
    this.#words = WORDS[family];
    this.#tasks = new TaskGroup({
      onFailure: ({ name, error }) => diagnostics.emit('fault', { where: name, error }),
    });
  }

  /**
   * Starts a process and keeps it until it has ended.
   *
   * @param id What the client calls it; undefined for one that nobody asks for again.
   * @param launch Rejects when nothing is running.
   * @throws {RpcError} `invalidRequest` for an id that is taken, `overloaded` for too many; else what `launch` rejects with.
   */
  async start(
    connection: Connection,
    id: string | undefined,
    launch: () => Promise<RunningClientProcess>,
  ): Promise<RunningClientProcess> {
    const own = this.#byConnection.get(connection) ?? new Map<string, Promise<RunningClientProcess>>();
    if (id !== undefined && own.has(nameOf(id)))
      throw invalidRequest(this.#words.duplicate(JSON.stringify(id)));
    if (this.#count >= LIMITS.clientProcesses) throw overloaded('processes of clients');
    const key = id === undefined ? `unnamed:${this.#nextUnnamed++}` : nameOf(id);
    this.#byConnection.set(connection, own);
    this.#count += 1;
    const starting = launch();
    own.set(key, starting);
    const forget = (): void => this.#forget(connection, own, key);
    try {
      const running = await starting;
      this.#tasks.spawn('a process of a client', () => running.ended.then(forget));
      if (this.#byConnection.get(connection) !== own) {
        running.terminate();
        throw new RpcError('internal', 'the connection is closed');
      }
      return running;
    } catch (error) {
      if (own.get(key) === starting) forget();
      throw error;
    }
  }

  /** The process that a client means, also one that is just starting. @throws {RpcError} `invalidRequest` for none. */
  async find(connection: Connection, id: string): Promise<RunningClientProcess> {
    const running = await this.#byConnection
      .get(connection)
      ?.get(nameOf(id))
      ?.catch(() => undefined);
    if (running === undefined) throw invalidRequest(this.#words.unknown(JSON.stringify(id)));
    return running;
  }

  /** The connection is closed: its processes are killed, also those that are starting. */
  disconnect(connection: Connection): void {
    const own = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    for (const starting of own?.values() ?? [])
      starting.then(
        (running) => running.terminate(),
        () => {},
      );
  }

  /** Kills everything and resolves when it has ended. */
  async close(): Promise<void> {
    for (const connection of [...this.#byConnection.keys()]) this.disconnect(connection);
    await this.#tasks.settled();
  }

  #forget(connection: Connection, own: Map<string, unknown>, key: string): void {
    if (!own.delete(key)) return;
    this.#count -= 1;
    if (own.size === 0 && this.#byConnection.get(connection) === own) this.#byConnection.delete(connection);
  }
}

/** Keeps the names that clients give apart from our own. */
function nameOf(id: string): string {
  return `named:${id}`;
}
