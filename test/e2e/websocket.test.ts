import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { RawWebSocket, rawFrame, SeededRandom } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppServerProcess, type Line } from './app-server-process.js';
import { WebSocketClient } from './websocket-client.js';

const LISTEN = ['--listen', 'ws://127.0.0.1:0'];
const MIB = 1024 * 1024;

interface Started {
  readonly server: AppServerProcess;
  readonly port: number;
  readonly home: string;
}

async function start(...args: readonly string[]): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-websocket-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const server = new AppServerProcess(home, ...LISTEN, ...args);
  onTestFinished(() => server.signal('SIGKILL'));
  return { server, port: await server.port(), home };
}

function statusOfEnd({ params }: Line): string {
  return (params?.turn as { readonly status: string }).status;
}

const isEnd = (line: Line): boolean => line.method === 'turn/completed';

describe('several clients of one server', () => {
  it('are told the same of a thread, may each answer its questions, and the first answer counts (AP-6)', async () => {
    const { port, home } = await start();
    const [a, b] = [await WebSocketClient.connect(port, 'a'), await WebSocketClient.connect(port, 'b')];
    const { thread } = await a.ask<{ readonly thread: { readonly id: string } }>('thread/start', {
      cwd: home,
      sandbox: 'danger-full-access',
      approvalPolicy: 'untrusted',
    });
    await a.startTurn(thread.id, 'run touch made');
    const asked = await a.until((line) => line.method === 'item/commandExecution/requestApproval');
    await b.ask('thread/resume', { threadId: thread.id });
    const replayed = await b.until((line) => line.method === 'item/commandExecution/requestApproval');
    expect(replayed.id).toBe(asked.id);
    a.peer.destroy();
    b.say({ id: replayed.id, result: { decision: 'accept' } });
    await b.until((line) => line.method === 'serverRequest/resolved');
    const end = await b.until(isEnd);
    expect(statusOfEnd(end)).toBe('completed');
  });
});

describe('a client that reads nothing', () => {
  it('holds up nobody else, costs bounded memory, and learns how the turn ended when it reads again (EV-6, EV-7)', async () => {
    const { server, port, home } = await start();
    const [stalled, other] = [await WebSocketClient.connect(port), await WebSocketClient.connect(port)];
    const threadId = await other.startThread(home);
    await stalled.ask('thread/resume', { threadId });
    stalled.peer.pause();
    const before = await server.residentBytes();
    for (let turn = 0; turn < 5; turn += 1) {
      const told = other.peer.messages.length;
      await other.startTurn(threadId, `stream 20000\nrun seq 100000`);
      await other.until(isEnd, told);
      await other.ask('thread/loaded/list');
    }
    expect((await server.residentBytes()) - before).toBeLessThan(150 * MIB);
    expect(stalled.peer.isClosed).toBe(false);
    stalled.peer.resume();
    const turns = new Set<string>();
    await stalled.until((line) => {
      if (isEnd(line)) turns.add((line.params?.turn as { readonly id: string }).id);
      return turns.size === 5;
    });
  });

  it('is let go of with a code and a reason once more waits for it than its budget, and nobody else is', async () => {
    const { server, port, home } = await start();
    const [stalled, other] = [await WebSocketClient.connect(port), await WebSocketClient.connect(port)];
    const path = join(home, 'large');
    await writeFile(path, Buffer.alloc(6 * MIB));
    stalled.peer.pause();
    for (let id = 0; id < 8; id += 1) stalled.say({ id, method: 'fs/readFile', params: { path } });
    await server.logged('too much was not read');
    stalled.peer.resume();
    await stalled.peer.left;
    expect(stalled.peer.leave).toEqual({ code: 1013, reason: 'too much was not read for too long' });
    await expect(other.ask('thread/loaded/list')).resolves.toMatchObject({ data: [] });
  });

  it('on standard output holds up no websocket', async () => {
    const { server, port, home } = await start('--listen', 'stdio://');
    server.write(
      `${JSON.stringify({ id: 'i', method: 'initialize', params: { clientInfo: { name: 'e2e', version: '1' } } })}\n`,
    );
    await server.until((line) => line.id === 'i');
    server.setReading(false);
    for (let id = 0; id < 2_000; id += 1)
      server.write(`${JSON.stringify({ id, method: 'config/read', params: { includeLayers: true } })}\n`);
    const client = await WebSocketClient.connect(port);
    await client.startTurn(await client.startThread(home), 'say hello');
    expect(statusOfEnd(await client.until(isEnd))).toBe('completed');
    server.setReading(true);
    await server.until((line) => line.id === 1_999);
  });
});

describe('hostile peers', () => {
  it('get nowhere with 1,000 odd frames, and another client is served all the while (RQ-9)', async () => {
    const { port } = await start();
    const good = await WebSocketClient.connect(port);
    const random = new SeededRandom(20_261_121);
    let closed = 0;
    let peer = await RawWebSocket.open({ port });
    for (let count = 0; count < 1_000; count += 1) {
      const from = peer.messages.length;
      peer.write(oddBytes(random));
      peer.say(JSON.stringify({ id: count, method: 'thread/loaded/list', params: {} }));
      const answer = await peer.until((text) => text.includes(`"id":${count}}`), from);
      if (answer === undefined) {
        closed += 1;
        peer = await RawWebSocket.open({ port });
      } else expect(answer).toContain('Not initialized');
      if (count % 100 === 0) await good.ask('thread/loaded/list');
    }
    expect(closed).toBeGreaterThan(100);
    expect(closed).toBeLessThan(1_000);
    await expect(good.ask('thread/loaded/list')).resolves.toMatchObject({ data: [] });
  });

  it('that never finish their handshake are hung up on, and others get in meanwhile', async () => {
    const { port } = await start();
    const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
    const slow = Array.from({ length: LIMITS.connections - 1 }, (_, index) => {
      const peer = RawWebSocket.connect({ port });
      peer.write(request.slice(0, index));
      return peer;
    });
    const client = await WebSocketClient.connect(port);
    await Promise.all(slow.map(({ closed }) => closed));
    expect(slow.map(({ status }) => status).filter((status) => status !== 0 && status !== 408)).toEqual([]);
    await expect(client.ask('thread/loaded/list')).resolves.toMatchObject({ data: [] });
  });
});

describe('a server with a listener that is asked to end', () => {
  it('lets its turn finish and nobody new in, begins no other turn, and says that it goes (SD-4)', async () => {
    const { server, port, home } = await start();
    const client = await WebSocketClient.connect(port);
    const threadId = await client.startThread(home);
    const idle = await client.startThread(home);
    await client.startTurn(threadId, 'say begun\nsleep 1000\nsay done');
    server.signal('SIGTERM');
    for (let status = 101; status !== 503; ) ({ status } = await RawWebSocket.open({ port }));
    await expect(client.startTurn(idle, 'say x')).rejects.toThrow('begins no more turns');
    expect(statusOfEnd(await client.until(isEnd))).toBe('completed');
    await client.peer.closed;
    expect(client.peer.leave).toEqual({ code: 1001, reason: 'the server is shutting down' });
    await expect(server.ended).resolves.toEqual([0, null]);
  });

  it.each([
    ['a second signal', [], true],
    ['its time', ['--drain-timeout', '0'], false],
  ] as const)('interrupts its turn at %s, and says so (SD-1, SD-4)', async (_what, args, isSignalledTwice) => {
    const { server, port, home } = await start(...args);
    const client = await WebSocketClient.connect(port);
    await client.startTurn(await client.startThread(home), 'say begun\nsleep 60000');
    await client.until((line) => line.method === 'item/completed');
    server.signal('SIGTERM');
    if (isSignalledTwice) {
      for (let status = 101; status !== 503; ) ({ status } = await RawWebSocket.open({ port }));
      server.signal('SIGTERM');
    }
    expect(statusOfEnd(await client.until(isEnd))).toBe('interrupted');
    await expect(server.ended).resolves.toEqual([0, null]);
  });
});

/** Something that a peer may not say, or that means nothing. */
function oddBytes(random: SeededRandom): Buffer {
  const noise = Buffer.from(Array.from({ length: random.int(1, 64) }, () => random.int(0, 255)));
  return random.pick([
    () => rawFrame('binary', noise),
    () => rawFrame('text', '{"id":1'),
    () => rawFrame('text', '[{"id":1,"method":"thread/loaded/list"}]'),
    () => rawFrame('text', '{"id":1,"method":"a"}\n{"id":2,"method":"a"}'),
    () => rawFrame('text', ''),
    () => rawFrame('text', noise),
    () => rawFrame('ping', noise),
    () => rawFrame('pong', noise),
    () => rawFrame('continuation', noise),
    () => rawFrame('text', '', { claimedLength: 2 ** 40 }),
    () => Buffer.concat([rawFrame('text', '{', { isFinal: false }), rawFrame('text', '}')]),
    () => Buffer.from([0x80 | random.int(0, 15) | (random.int(1, 7) << 4), 0x80, 0, 0, 0, 0]),
    () => noise,
  ])();
}
