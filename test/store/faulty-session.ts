import { scriptedModel } from '@millrace/model';
import { type Server, startRuntime } from '@millrace/runtime';
import { type Disk, jsonlStore } from '@millrace/store';
import { FaultyDisk, type FaultyDiskOptions, type UnsyncedFate, VirtualClock } from '@millrace/testkit';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from '../runtime/test-peer.js';
import { macrotask } from '../runtime/test-runtime.js';

const HOME = '/home/agent';

/** Real milliseconds after which what was waited for does not come any more: a server also reads real files, such as instructions. */
const PATIENCE_MS = 10_000;

/** A promise that a server on a failing disk did not keep. */
export class FaultViolation extends Error {
  override readonly name = 'FaultViolation';
}

/** Puts something between the store and its disk: nothing, or a bug. */
export type Plant = (disk: Disk) => Disk;

/** What a client was told. */
interface Told {
  threadId: string | undefined;
  /** Texts of the turns that were told to be completed. */
  readonly completed: string[];
  name: string | null;
  isArchived: boolean;
  /** What was refused, or failed, and with which words. */
  readonly failures: string[];
}

interface SeenThread {
  readonly id: string;
  readonly name: string | null;
  readonly turns: readonly { readonly status: string; readonly items: readonly object[] }[];
}

/** A server in this process whose threads are on that disk. */
class FaultyServer {
  readonly #server: Server;
  readonly #peer: TestPeer;

  private constructor(server: Server, peer: TestPeer) {
    this.#server = server;
    this.#peer = peer;
  }

  static async start(disk: Disk, pid: number): Promise<FaultyServer> {
    const clock = new VirtualClock();
    const processes = {
      pid,
      startOf: async (other: number) => (other === pid ? `start of ${pid}` : undefined),
    };
    const server = await startRuntime({
      home: '/nowhere',
      cwd: '/',
      environment: {},
      model: scriptedModel({ clock }),
      store: jsonlStore({ directory: HOME, disk, processes }),
      clock,
      processes: new ScriptedProcesses(),
    });
    return new FaultyServer(server, await TestPeer.connect(server));
  }

  /** Asks; what was refused is noted with its words, which name no path (RQ-8). */
  async ask<R>(method: string, params: object, failures: string[]): Promise<R | undefined> {
    const reply = await this.#patiently(method, this.#peer.ask(method, params));
    if (!('error' in reply)) return reply.result as R;
    noteFailure(`${method}: ${reply.error.code} ${reply.error.message}`, failures);
    return undefined;
  }

  /** Runs a turn and returns whether it was told to be completed. */
  async turn(threadId: string, text: string, failures: string[]): Promise<boolean> {
    const input = [{ type: 'text', text }];
    if ((await this.ask('turn/start', { threadId, input }, failures)) === undefined) return false;
    const events = await this.#patiently(`the end of ${text}`, this.#peer.readTo('turn/completed'));
    const { status, error } = paramsOf(events.at(-1)).turn as {
      readonly status: string;
      readonly error: { readonly message: string } | null;
    };
    if (status === 'completed') return true;
    if (!events.map(kindOf).includes('error')) throw new FaultViolation(`${text} failed without an error`);
    noteFailure(`turn: ${error?.message ?? ''}`, failures);
    return false;
  }

  async end(): Promise<void> {
    await this.#patiently('the shutdown', this.#server.finishShutdown());
  }

  async #patiently<T>(what: string, promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    const startedAt = performance.now();
    while (!isSettled) {
      if (performance.now() - startedAt > PATIENCE_MS) throw new FaultViolation(`${what} did not come`);
      await macrotask();
    }
    return promise;
  }
}

/** Does what a client does, whatever the disk does, and asks once more at the end: the server lives (RQ-9). */
async function runSession(server: FaultyServer): Promise<Told> {
  const told: Told = { threadId: undefined, completed: [], name: null, isArchived: false, failures: [] };
  const { failures } = told;
  const settings = { sandbox: 'danger-full-access', approvalPolicy: 'never' };
  const started = await server.ask<{ readonly thread: SeenThread }>('thread/start', settings, failures);
  if (started === undefined) throw new FaultViolation('a thread that is kept nowhere yet was not begun');
  const threadId = started.thread.id;
  const turn = async (text: string): Promise<void> => {
    if (!(await server.turn(threadId, text, failures))) return;
    told.threadId = threadId;
    told.completed.push(text);
  };
  await turn('say one');
  const name = 'Mill';
  if ((await server.ask('thread/name/set', { threadId, name }, failures)) && told.threadId) told.name = name;
  await turn('run ls');
  told.isArchived = (await server.ask('thread/archive', { threadId }, failures)) !== undefined;
  if (await server.ask('thread/unarchive', { threadId }, failures)) told.isArchived = false;
  await server.ask('thread/resume', { threadId }, failures);
  await turn('say three');
  if ((await server.ask('thread/loaded/list', {}, [])) === undefined) throw new FaultViolation('it is gone');
  await server.end();
  return told;
}

/** The next server opens what was left, has everything that was told, and goes on (TS-1, TS-2, TS-10). */
async function checkNext(server: FaultyServer, told: Told): Promise<void> {
  const failures: string[] = [];
  await server.ask('thread/list', {}, failures);
  const { threadId } = told;
  if (threadId !== undefined) {
    const read = await server.ask<{ readonly thread: SeenThread }>(
      'thread/read',
      { threadId, includeTurns: true },
      failures,
    );
    checkThread(read?.thread, told);
    // An answer that never came may still have had its effect.
    await server.ask('thread/unarchive', { threadId }, []);
    await server.ask('thread/resume', { threadId }, failures);
    if (!(await server.turn(threadId, 'say more', failures))) throw new FaultViolation('it does not go on');
    told.completed.push('say more');
  }
  await server.end();
  if (failures.length > 0) throw new FaultViolation(`the next server fails: ${failures.join('; ')}`);
}

function checkThread(thread: SeenThread | undefined, { completed, name }: Told): void {
  if (thread === undefined) throw new FaultViolation('the thread is gone');
  if (name !== null && thread.name !== name) throw new FaultViolation(`its name is ${String(thread.name)}`);
  const kept = thread.turns
    .filter(({ status }) => status === 'completed')
    .map(({ items }) => JSON.stringify(items));
  for (const text of completed) {
    if (!kept.some((items) => items.includes(`"${text}"`))) throw new FaultViolation(`${text} is lost`);
  }
}

function noteFailure(failure: string, failures: string[]): void {
  if (failure.includes(HOME)) throw new FaultViolation(`a client is told a path: ${failure}`);
  failures.push(failure);
}

/** How many operations the session has on a disk that works. */
export async function countOperations(): Promise<number> {
  const disk = new FaultyDisk({ seed: 0 });
  const { failures } = await runSession(await FaultyServer.start(disk, 1));
  if (failures.length > 0) throw new FaultViolation(`a disk that works: ${failures.join('; ')}`);
  return disk.operations;
}

/**
 * Runs the session on a disk with that fault, lets the system die, and looks at it with the next server, and
 * with the one after that. Returns what the client was
 * told to have failed.
 *
 * @throws {FaultViolation} with what brings it about again.
 */
export async function runFault(
  options: FaultyDiskOptions,
  fate: UnsyncedFate,
  plant: Plant = (disk) => disk,
): Promise<readonly string[]> {
  const disk = new FaultyDisk(options);
  try {
    const told = await runSession(await FaultyServer.start(plant(disk), 1));
    const found = disk.restart(fate, { seed: options.seed });
    await checkNext(await FaultyServer.start(plant(found), 2), told);
    const foundAgain = found.restart('dropped', { seed: options.seed });
    await checkNext(await FaultyServer.start(plant(foundAgain), 3), told);
    return told.failures;
  } catch (error) {
    if (!(error instanceof FaultViolation)) throw error;
    throw new FaultViolation(`${JSON.stringify({ ...options, fate })}: ${error.message}`, { cause: error });
  }
}
