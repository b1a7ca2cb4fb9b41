import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, ClientEvent } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { connectUnix, connectWebSocket } from '@millrace/client/remote';
import { spawnAppServer } from '@millrace/client/stdio';
import type { ClientCapabilities } from '@millrace/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appServer, ListeningServer } from './listening-server.js';

const clientInfo = { name: 'test', version: '1' };
const text = (content: string) => [{ type: 'text' as const, text: content }];

interface Start {
  readonly home: string;
  readonly channelCapacity: number;
  readonly capabilities?: ClientCapabilities;
}

/** Every way to a server: changing it changes one line of a program. */
const WAYS: Readonly<Record<string, (start: Start) => Promise<Client>>> = {
  'in process': ({ home, ...options }) =>
    startInProcess({ clientInfo, home, cwd: home, environment: appServer(home).env, ...options }),
  'over the pipes of a child': ({ home, ...options }) =>
    spawnAppServer({ clientInfo, ...options, ...appServer(home) }),
  'over a websocket': async ({ home, ...options }) => {
    const server = await listen(home, 'ws://127.0.0.1:0');
    return connectWebSocket(server.url, { clientInfo, ...options });
  },
  'over a unix socket': async ({ home, ...options }) => {
    await listen(home, `unix://${home}/run/server.sock`);
    return connectUnix(`${home}/run/server.sock`, { clientInfo, ...options });
  },
};

async function listen(home: string, address: string): Promise<ListeningServer> {
  const server = await ListeningServer.start(home, '--listen', address);
  onTestFinished(() => server.end('SIGKILL'));
  return server;
}

async function start(
  way: string,
  channelCapacity: number,
  options: Pick<Start, 'capabilities'> = {},
): Promise<{ readonly client: Client; readonly home: string }> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-client-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const client = await (WAYS[way] as (typeof WAYS)[string])({ home, channelCapacity, ...options });
  onTestFinished(() => client.shutdown());
  return { client, home };
}

/** Runs a turn and returns what it said: how each item ended, with the deltas of its text joined, and how the turn ended. */
async function tell(client: Client, threadId: string, input: string): Promise<readonly unknown[]> {
  const run = client.runTurn({ threadId, input: text(input) });
  const streamed = new Map<string, string>();
  const told: unknown[] = [];
  for await (const event of run) told.push(...toldBy(event, streamed));
  const { status, error } = await run.completed;
  return [...told, { status, error }];
}

function toldBy(event: ClientEvent, streamed: Map<string, string>): unknown[] {
  if (event.type !== 'notification') return [{ marker: event.type }];
  if (event.method === 'item/agentMessage/delta') {
    const { itemId, delta } = event.params;
    streamed.set(itemId, `${streamed.get(itemId) ?? ''}${delta}`);
  }
  if (event.method !== 'item/completed') return [];
  const { item } = event.params;
  if (item.type === 'agentMessage') return [{ text: item.text, streamed: streamed.get(item.id) }];
  if (item.type === 'commandExecution') return [{ status: item.status, output: item.aggregatedOutput }];
  return [{ type: item.type }];
}

describe.each(Object.keys(WAYS))('a client %s', (way) => {
  it.each([
    1, 2, 3, 128,
  ])('with room for %d events sees the same turns end in the same way', async (capacity) => {
    const { client, home } = await start(way, capacity);
    client.setRequestHandler(() => ({ decision: 'accept' }));
    const { thread } = await client.request('thread/start', {
      cwd: home,
      approvalPolicy: 'untrusted',
      sandbox: 'danger-full-access',
    });
    await expect(tell(client, thread.id, 'say hello world')).resolves.toEqual([
      { type: 'userMessage' },
      { text: 'hello world', streamed: 'hello world' },
      { status: 'completed', error: null },
    ]);
    await expect(tell(client, thread.id, 'run echo one && echo two > made')).resolves.toEqual([
      { type: 'userMessage' },
      { status: 'completed', output: 'one\n' },
      expect.objectContaining({ text: expect.any(String) }),
      { status: 'completed', error: null },
    ]);
    await expect(readFile(join(home, 'made'), 'utf8')).resolves.toBe('two\n');
    const { thread: read } = await client.request('thread/read', { threadId: thread.id, includeTurns: true });
    expect(read.turns.map(({ status, items }) => [status, items.map(({ type }) => type)])).toEqual([
      ['completed', ['userMessage', 'agentMessage']],
      ['completed', ['userMessage', 'commandExecution', 'agentMessage']],
    ]);
  });

  it.each([
    1, 128,
  ])('with room for %d events is told in the words of the first generation where it asks for them', async (capacity) => {
    const { client, home } = await start(way, capacity, { capabilities: { legacyEvents: true } });
    const { thread } = await client.request('thread/start', { cwd: home });
    const run = client.runTurn({ threadId: thread.id, input: text('say hello') });
    const told: unknown[] = [];
    for await (const event of run) {
      if (event.type === 'notification' && event.method.startsWith('turn/')) told.push(event.method);
      if (event.type === 'legacy' && event.params.msg.type !== 'token_count') told.push(event.params);
    }
    const { id } = await run.started;
    const old = (msg: object) => ({ id, msg: expect.objectContaining(msg), conversationId: thread.id });
    expect(told).toEqual([
      old({ type: 'task_started', turn_id: id }),
      'turn/started',
      old({ type: 'user_message', message: 'say hello' }),
      old({ type: 'agent_message_delta', delta: 'hello' }),
      old({ type: 'agent_message', message: 'hello' }),
      old({ type: 'task_complete', last_agent_message: 'hello' }),
      'turn/completed',
    ]);
  });

  it('streams 2,000 deltas into a view of 2 whole, however slow it is read', async () => {
    const { client, home } = await start(way, 2);
    const { thread } = await client.request('thread/start', { cwd: home });
    const run = client.runTurn({ threadId: thread.id, input: text('stream 2000') });
    let streamed = '';
    let final: string | undefined;
    for await (const event of run) {
      if (event.type !== 'notification') continue;
      if (event.method === 'item/agentMessage/delta') streamed += event.params.delta;
      if (event.method === 'item/completed' && event.params.item.type === 'agentMessage')
        final = event.params.item.text;
    }
    expect(final?.length).toBeGreaterThan(2_000);
    expect(streamed).toBe(final);
  });

  it('interrupts a running turn, and is told that it ended', async () => {
    const { client, home } = await start(way, 128);
    const { thread } = await client.request('thread/start', {
      cwd: home,
      approvalPolicy: 'never',
      sandbox: 'danger-full-access',
    });
    const run = client.runTurn({ threadId: thread.id, input: text('run sleep 1000') });
    for await (const event of run) {
      if (event.type === 'notification' && event.method === 'item/started') {
        if (event.params.item.type === 'commandExecution') void run.interrupt();
      }
    }
    expect((await run.completed).status).toBe('interrupted');
  });

  it('refuses what the server refuses with the same words', async () => {
    const { client } = await start(way, 128);
    await expect(client.request('thread/read', { threadId: 'x' })).rejects.toThrow(/invalid thread id/);
  });
});

describe('a child process', () => {
  it('that cannot be started, refuses the handshake or ends at once says so, with the end of its standard error', async () => {
    const node = (script: string) => ({ clientInfo, command: process.execPath, args: ['-e', script] });
    await expect(spawnAppServer({ clientInfo, command: '/no/such/program' })).rejects.toMatchObject({
      kind: 'InvalidInput',
      message: expect.stringContaining('/no/such/program'),
    });
    await expect(spawnAppServer(node('console.error("no home"); process.exit(3)'))).rejects.toMatchObject({
      message: expect.stringContaining('exited with code 3; it said: no home'),
    });
    const refusal = JSON.stringify({ id: 0, error: { code: -32_600, message: 'not today' } });
    await expect(
      spawnAppServer(node(`process.stdin.once('data', () => console.log('${refusal}'))`)),
    ).rejects.toMatchObject({ kind: 'InvalidData', message: expect.stringContaining('not today') });
    await expect(
      spawnAppServer({ ...node('setInterval(() => {}, 1000)'), startupTimeoutMs: 1 }),
    ).rejects.toMatchObject({ kind: 'TimedOut' });
  });
});
