import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { Client, ClientEvent } from '@millrace/client';
import { type InProcessOptions, startInProcess } from '@millrace/client/in-process';
import type { ModelClient, ProcessRunner, ThreadStore } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';
import { groupEnd, groupMembers } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { macrotask, temporaryDirectory } from './test-runtime.js';

/** The only tests that measure real time: a bound on a shutdown is a promise about just that. */
const GRACE_MS = 300;
/** The grace, the second that is promised beyond it, and what a loaded machine adds. */
const BOUND_MS = GRACE_MS + 1_000 + 1_500;

const clientInfo = { name: 'test', version: '1' };
const never = new Promise<never>(() => {});

interface Started {
  readonly client: Client;
  readonly cwd: string;
}

async function start(options: Partial<InProcessOptions> = {}): Promise<Started> {
  const cwd = await temporaryDirectory();
  const client = await startInProcess({
    clientInfo,
    home: join(cwd, 'home'),
    cwd,
    environment: { PATH: process.env.PATH, HOME: cwd },
    model: scriptedModel(),
    store: memoryStore(),
    shutdownGraceMs: GRACE_MS,
    channelCapacity: 4,
    ...options,
  });
  return { client, cwd };
}

async function startTurn(
  client: Client,
  text: string,
  approvalPolicy: 'never' | 'untrusted' = 'never',
): Promise<string> {
  const { thread } = await client.request('thread/start', { sandbox: 'danger-full-access', approvalPolicy });
  await client.request('turn/start', { threadId: thread.id, input: [{ type: 'text', text }] });
  return thread.id;
}

/** A model that never says anything and does not heed its signal. */
function hungModel(): ModelClient {
  const stream = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) });
  return { provider: 'hung', streamMaxRetries: 0, models: [], stream };
}

/** A store in which one step never ends. */
function hungStore(hangs: 'create' | 'sync' | 'close'): ThreadStore {
  const store = memoryStore();
  return {
    ...store,
    create: async (meta) => {
      if (hangs === 'create') return never;
      const log = await store.create(meta);
      return hangs === 'sync' ? { ...log, append: log.append, sync: () => never, close: () => never } : log;
    },
    close: () => (hangs === 'close' ? never : store.close()),
  };
}

async function readTo(client: Client, isLast: (event: ClientEvent) => boolean): Promise<void> {
  for await (const event of client.events()) if (isLast(event)) return;
}

const hasMethod =
  (method: string) =>
  (event: ClientEvent): boolean =>
    'method' in event && event.method === method;

/** The process id that a command of the test wrote into a file. */
async function writtenPid(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await macrotask();
  }
}

interface HostileState {
  readonly name: string;
  /** Brings a runtime into the state; returns what to end, and the process group that has to be gone. */
  readonly reach: () => Promise<{ readonly client: Client; readonly group?: number }>;
}

async function hungCommand(command: string): Promise<{ readonly client: Client; readonly group: number }> {
  const { client, cwd } = await start();
  await startTurn(client, `run echo $$ > pid; ${command}`);
  return { client, group: await writtenPid(join(cwd, 'pid')) };
}

/** Processes that start, and can be neither read to their end nor killed. */
const undying: ProcessRunner = {
  sandbox: { type: 'available', kind: 'bubblewrap' },
  spawn: async () => ({
    pid: 1,
    output: { [Symbol.asyncIterator]: () => ({ next: () => never }) },
    exited: never,
    write: () => never,
    resize: () => {},
    kill: () => never,
  }),
};

const HOSTILE_STATES: readonly HostileState[] = [
  { name: 'nothing at all', reach: () => start() },
  {
    name: 'a consumer that stalls with a turn that waits for it',
    reach: async () => {
      const { client } = await start({ slowConsumerGraceMs: 600_000 });
      const opening = client.events();
      const first = opening.next();
      await startTurn(client, 'think a\nstream 1000\nthink b\nsay c\nthink d');
      await first;
      for (let rounds = 0; rounds < 50; rounds += 1) await macrotask();
      return { client };
    },
  },
  {
    name: 'a model that hangs and does not heed its signal',
    reach: async () => {
      const { client } = await start({ model: hungModel() });
      await startTurn(client, 'anything');
      return { client };
    },
  },
  { name: 'a command that sleeps', reach: () => hungCommand('sleep 1000') },
  {
    name: 'a command that ignores SIGTERM and has children',
    reach: () => hungCommand("trap '' TERM HUP INT; sleep 1000 & sleep 1000"),
  },
  {
    name: 'an approval that nobody answers',
    reach: async () => {
      const { client } = await start();
      await startTurn(client, 'run true', 'untrusted');
      await readTo(client, hasMethod('item/commandExecution/requestApproval'));
      return { client };
    },
  },
  ...(['create', 'sync', 'close'] as const).map((step) => ({
    name: `a store whose ${step} hangs`,
    reach: async (): Promise<{ readonly client: Client }> => {
      const { client } = await start({ store: hungStore(step) });
      await startTurn(client, 'say hello');
      for (let rounds = 0; rounds < 50; rounds += 1) await macrotask();
      return { client };
    },
  })),
  {
    name: 'a command that cannot be killed',
    reach: async () => {
      const { client } = await start({ processes: undying });
      await startTurn(client, 'run anything');
      await readTo(client, hasMethod('item/started'));
      return { client };
    },
  },
  {
    name: 'a hung store and a hung command together',
    reach: async () => {
      const { client, cwd } = await start({ store: hungStore('sync') });
      await startTurn(client, 'run echo $$ > pid; sleep 1000');
      return { client, group: await writtenPid(join(cwd, 'pid')) };
    },
  },
];

describe('a shutdown', () => {
  it.each(
    HOSTILE_STATES,
  )('with $name ends within its grace and a second, and leaves no child (SD-1, SD-2, SD-5, SD-7)', async ({
    reach,
  }) => {
    const { client, group } = await reach();
    const startedAt = systemClock.monotonic();
    await Promise.all([client.shutdown(), client.shutdown()]);
    expect(systemClock.monotonic() - startedAt).toBeLessThan(BOUND_MS);
    if (group !== undefined) {
      await groupEnd(group);
      expect(groupMembers(group)).toEqual([]);
    }
    await expect(client.request('thread/loaded/list')).rejects.toMatchObject({ kind: 'BrokenPipe' });
    expect(() => client.notify('initialized')).toThrow('closed');
    await expect(client.connect({ clientInfo })).rejects.toMatchObject({ kind: 'BrokenPipe' });
    await client.shutdown();
  });

  it.each(
    HOSTILE_STATES,
  )('with $name ends every stream and settles every call that waits (SD-4, RQ-6)', async ({ reach }) => {
    const { client } = await reach();
    const second = await client.connect({ clientInfo });
    const { data } = await client.request('thread/loaded/list');
    const input = [{ type: 'text' as const, text: 'say more' }];
    const { thread } = await second.request('thread/start', {});
    const accepted = second.runTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'run sleep 1000' }],
    });
    await accepted.started;
    const runs = data.map((threadId) => second.runTurn({ threadId, input }));
    const settled = Promise.allSettled([
      ...data.map((threadId) => client.request('turn/start', { threadId, input })),
      ...[accepted, ...runs].flatMap((run) => [run.started, run.completed]),
    ]);
    const reading = readTo(second, () => false);
    await client.shutdown();
    await reading;
    await expect(settled).resolves.toHaveLength(data.length * 3 + 2);
  });

  it('ends the stream of a second connection whose turn cannot be ended (SD-4)', async () => {
    const { client } = await start({ processes: undying });
    const second = await client.connect({ clientInfo });
    await startTurn(second, 'run anything');
    await readTo(second, hasMethod('item/started'));
    for (let rounds = 0; rounds < 20; rounds += 1) await macrotask();
    const reading = readTo(second, () => false);
    await client.shutdown();
    await expect(reading).resolves.toBeUndefined();
  });

  it('in two phases lets the consumer read the tail, the interrupted turn at its end, and then ends the stream (SD-3, SD-4, EV-2)', async () => {
    const { client } = await start();
    const threadId = await startTurn(client, 'stream 20\nrun sleep 1000');
    await readTo(client, hasMethod('item/started'));

    await client.beginShutdown();
    await expect(client.request('thread/read', { threadId })).rejects.toThrow();
    const tail: ClientEvent[] = [];
    let finished: Promise<void> | undefined;
    for await (const event of client.events()) {
      tail.push(event);
      if (hasMethod('turn/completed')(event)) finished = client.finishShutdown();
    }
    await finished;

    expect(tail.at(-1)).toMatchObject({
      method: 'turn/completed',
      params: { threadId, turn: { status: 'interrupted' } },
    });
  });

  it('settles a question before it says that its turn has ended (SD-3, AP-5)', async () => {
    const { client } = await start({ channelCapacity: 128 });
    await startTurn(client, 'run true', 'untrusted');
    await readTo(client, hasMethod('item/commandExecution/requestApproval'));
    await client.beginShutdown();
    const methods: string[] = [];
    await readTo(client, (event) => {
      if ('method' in event) methods.push(event.method);
      return hasMethod('turn/completed')(event);
    });
    expect(methods.indexOf('serverRequest/resolved')).toBeGreaterThanOrEqual(0);
    expect(methods.indexOf('serverRequest/resolved')).toBeLessThan(methods.indexOf('turn/completed'));
    await client.finishShutdown();
  });

  it('keeps what was acknowledged: a turn whose end was read is in the store (SD-6)', async () => {
    const store = memoryStore();
    const { client } = await start({ store });
    const threadId = await startTurn(client, 'say kept');
    await readTo(client, hasMethod('turn/completed'));
    await client.shutdown();
    const records = await store.read(threadId);
    expect(records?.map(({ type }) => type)).toContain('turnEnded');
    expect(JSON.stringify(records)).toContain('kept');
  });

  it('tells its steps in order, once each (SD-2, SD-3)', async () => {
    const { client } = await start();
    const steps: unknown[] = [];
    client.diagnostics?.on('shutdown', ({ step }) => steps.push(step));
    await Promise.all([client.beginShutdown(), client.shutdown(), client.finishShutdown()]);
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.filter((step) => !String(step).endsWith('of clients'))).toEqual([
      'stop intake',
      'interrupt turns',
      'settle server requests',
      'flush the store',
      'end file searches',
      'end MCP servers of no thread',
      'end processes',
      'finish requests',
      'end event streams',
      'await tasks',
    ]);
  });

  it('of a second connection ends that connection alone (SD-4, SD-7)', async () => {
    const { client } = await start();
    const second = await client.connect({ clientInfo });
    await second.shutdown();
    await expect(second.request('thread/loaded/list')).rejects.toMatchObject({ kind: 'BrokenPipe' });
    await expect(client.request('thread/loaded/list')).resolves.toEqual({ data: [], nextCursor: null });
    await client.shutdown();
  });
});
