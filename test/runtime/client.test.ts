import type { Client } from '@millrace/client';
import { ServerError, TransportError } from '@millrace/client';
import { type InProcessOptions, startInProcess } from '@millrace/client/in-process';
import { fromEvents } from '@millrace/client/rx';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedProcesses } from './scripted-processes.js';
import { macrotask, temporaryDirectory } from './test-runtime.js';

const clientInfo = { name: 'test', version: '1' };
const text = (content: string) => [{ type: 'text' as const, text: content }];

async function start(options: Partial<InProcessOptions> = {}): Promise<Client> {
  const home = await temporaryDirectory();
  const adapters = { model: scriptedModel(), store: memoryStore(), processes: new ScriptedProcesses() };
  const client = await startInProcess({ clientInfo, home, cwd: home, ...adapters, ...options });
  onTestFinished(() => client.shutdown());
  return client;
}

describe('a client in the same process', () => {
  it('has its server requests answered by a handler, where there is one, and never shown', async () => {
    const client = await start();
    const asked: string[] = [];
    client.setRequestHandler((request) => {
      asked.push(request.method);
      return { decision: 'accept' };
    });
    const { thread } = await client.request('thread/start', {
      approvalPolicy: 'untrusted',
      sandbox: 'danger-full-access',
    });
    const run = client.runTurn({ threadId: thread.id, input: text('run ls') });
    const kinds: string[] = [];
    for await (const event of run) kinds.push(event.type);
    expect(asked).toEqual(['item/commandExecution/requestApproval']);
    expect(kinds).not.toContain('request');
    expect((await run.completed).status).toBe('completed');
  });

  it('whose handler throws refuses the request, so that nothing runs (AP-2)', async () => {
    const processes = new ScriptedProcesses();
    const client = await start({ processes });
    client.setRequestHandler(() => {
      throw new Error('no idea');
    });
    const { thread } = await client.request('thread/start', {
      approvalPolicy: 'untrusted',
      sandbox: 'danger-full-access',
    });
    await client.runTurn({ threadId: thread.id, input: text('run ls') }).completed;
    expect(processes.spawned).toEqual([]);
  });

  it('is told which of its calls failed, and how', async () => {
    const client = await start();
    const failure: unknown = await client
      .request('thread/read', { threadId: 'x' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerError);
    expect(failure).toMatchObject({ method: 'thread/read', code: -32_600, retryable: false });
  });

  it('whose queue is full is told so at once, nothing is done, and the same call works a moment later (CH-4)', async () => {
    const client = await start({ channelCapacity: 1 });
    const [first, second] = await Promise.allSettled([
      client.request('thread/start', {}),
      client.request('thread/start', {}),
    ]);
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { kind: 'WouldBlock', retryable: true } });
    const { data } = await client.request('thread/loaded/list');
    expect(data).toHaveLength(1);
    await expect(client.request('thread/start', {})).resolves.toHaveProperty('thread');
  });

  it('gets a run that was refused as a rejection, and the run has no events', async () => {
    const client = await start();
    const run = client.runTurn({ threadId: '01890000-0000-7000-8000-000000000000', input: text('hm') });
    await expect(run.started).rejects.toBeInstanceOf(ServerError);
    await expect(run.completed).rejects.toBeInstanceOf(ServerError);
    await expect(run[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(ServerError);
  });

  it('may leave a run unread: it ends all the same', async () => {
    const client = await start({ channelCapacity: 1 });
    const { thread } = await client.request('thread/start', {});
    const run = client.runTurn({ threadId: thread.id, input: text('stream 5000\nthink a\nsay b') });
    expect(await run.completed).toMatchObject({ status: 'completed' });
  });

  it('can end a run, and reads its end (EV-2)', async () => {
    const client = await start();
    const { thread } = await client.request('thread/start', {});
    const run = client.runTurn({ threadId: thread.id, input: text('say a\nsleep 600000') });
    let last: unknown;
    for await (const event of run) {
      last = event;
      if ('method' in event && event.method === 'item/agentMessage/delta') void run.interrupt();
    }
    expect(last).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'interrupted' } } });
    expect((await run.completed).status).toBe('interrupted');
  });

  it('that joins a turn by two runs learns of its end from both (EV-2)', async () => {
    const client = await start();
    const { thread } = await client.request('thread/start', {});
    const first = client.runTurn({ threadId: thread.id, input: text('say a\nsleep 600000') });
    await first.started;
    await macrotask();
    const second = client.runTurn({ threadId: thread.id, input: text('say b') });
    expect((await second.started).id).toBe((await first.started).id);
    const ends = await Promise.all([first.completed, second.completed]);
    expect(new Set(ends.map(({ id }) => id)).size).toBe(1);
  });

  it('reads its events one loop at a time, and goes on where it left', async () => {
    const client = await start();
    const reading = client.events();
    expect(() => client.events()).toThrow('one reader');
    await reading.return?.();
    await client.request('thread/start', {});
    const next = await client.events().next();
    expect(next.value).toMatchObject({ method: 'thread/started' });
  });

  it('gives the same stream as an Observable', async () => {
    const client = await start();
    const { thread } = await client.request('thread/start', {});
    const methods: string[] = [];
    const over = new Promise<void>((resolve) => {
      const subscription = fromEvents(() => client.events()).subscribe((event) => {
        if ('method' in event) methods.push(event.method);
        if (methods.at(-1) !== 'turn/completed') return;
        subscription.unsubscribe();
        resolve();
      });
    });
    await client.request('turn/start', { threadId: thread.id, input: text('say hello') });
    await over;
    expect(methods).toContain('item/agentMessage/delta');
  });

  it('is told as a signal that it fell behind', async () => {
    const client = await start({ channelCapacity: 1 });
    const lagged: unknown[] = [];
    client.diagnostics?.on('lag', (signal) => lagged.push(signal));
    const { thread } = await client.request('thread/start', {});
    await client.request('turn/start', { threadId: thread.id, input: text('think a\nsay b') });
    for (let isActive = true; isActive; ) {
      const read = await client.request('thread/read', { threadId: thread.id });
      isActive = read.thread.status.type === 'active';
      await macrotask();
    }
    expect(lagged[0]).toMatchObject({ connection: 0, threadId: thread.id });
  });

  it('has a handshake that is refused as InvalidData, and nothing is left running', async () => {
    const bad = start({ clientInfo: { name: 'a\nb', version: '1' } });
    await expect(bad).rejects.toMatchObject({ kind: 'InvalidData', method: 'initialize' });
    await expect(bad).rejects.toBeInstanceOf(TransportError);
  });
});
