import type { Client } from '@millrace/client';
import { answerRequests, ServerError, TransportError } from '@millrace/client';
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

  it('runs the turns of a thread one after the other, and those of another thread beside them', async () => {
    const client = await start();
    const [first, other] = [await client.startThread(), await client.startThread()];
    const blocking = first.run('say a\nsleep 600000');
    const waiting = first.run('say b');
    const givenUp = first.run('say c');
    await expect(other.run('say d').completed).resolves.toMatchObject({ status: 'completed' });
    await givenUp.interrupt();
    await expect(givenUp.completed).rejects.toMatchObject({ name: 'AbortError' });
    await blocking.interrupt();
    await expect(waiting.completed).resolves.toMatchObject({ status: 'completed' });
    const { turns } = await first.read();
    expect(turns.map(({ status }) => status)).toEqual(['interrupted', 'completed']);
  });

  it('has a run interrupted by its signal, and never sends one whose signal was aborted before', async () => {
    const client = await start();
    const thread = await client.startThread();
    const leave = new AbortController();
    const run = thread.run('say a\nsleep 600000', { signal: leave.signal });
    const unsent = thread.run('say b', { signal: AbortSignal.abort(new Error('not any more')) });
    await expect(unsent.started).rejects.toThrow('not any more');
    await run.started;
    leave.abort();
    await expect(run.completed).resolves.toMatchObject({ status: 'interrupted' });
    expect((await thread.read()).turns).toHaveLength(1);
  });

  it('is told when a server ends that it did not end itself, once (SD-4)', async () => {
    const owner = await start();
    const guest = await owner.connect({ clientInfo });
    const reading = (async () => {
      const seen: unknown[] = [];
      for await (const event of guest.events()) seen.push(event);
      return seen;
    })();
    await owner.shutdown();
    await expect(reading).resolves.toEqual([
      { type: 'disconnected', message: expect.stringContaining('runtime is closed') },
    ]);
    const left: unknown[] = [];
    for await (const event of owner.events()) left.push(event);
    expect(left).toEqual([]);
    await guest.shutdown();
  });

  it('refuses whatever no function answers (AP-2)', async () => {
    const client = await start();
    client.setRequestHandler(answerRequests());
    const thread = await client.startThread({ approvalPolicy: 'untrusted', sandbox: 'danger-full-access' });
    await thread.run('run ls').completed;
    const commands = async () => {
      const items = (await thread.read()).turns.flatMap((turn) => turn.items);
      return items.flatMap((item) => (item.type === 'commandExecution' ? [item.status] : []));
    };
    await expect(commands()).resolves.toEqual(['failed']);
    client.setRequestHandler(
      answerRequests({ 'item/commandExecution/requestApproval': () => ({ decision: 'accept' }) }),
    );
    await thread.run('run ls').completed;
    await expect(commands()).resolves.toEqual(['failed', 'completed']);
  });

  it('has threads as objects: renamed, forked, steered, put away and brought back', async () => {
    const client = await start();
    const thread = await client.startThread();
    await thread.run('say a').completed;
    await thread.rename('first');
    const fork = await thread.fork();
    expect(fork.id).not.toBe(thread.id);
    expect((await fork.read()).turns).toHaveLength(1);
    const run = fork.run('say b\nsleep 600000');
    const { id: turnId } = await run.started;
    await fork.steer(turnId, 'say c');
    await expect(fork.steer('another', 'say d')).rejects.toBeInstanceOf(ServerError);
    await fork.interrupt(turnId);
    await expect(run.completed).resolves.toMatchObject({ status: 'interrupted' });
    await thread.archive();
    await thread.unarchive();
    const again = await client.resumeThread({ threadId: thread.id });
    expect(await again.read({ includeTurns: false })).toMatchObject({ name: 'first', turns: [] });
    await again.unsubscribe();
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
