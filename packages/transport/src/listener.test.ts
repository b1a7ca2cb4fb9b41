import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { type RawAddress, RawWebSocket, SeededRandom, VirtualClock } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capabilityToken } from './bearer-auth.js';
import { Listener, type ListenerOptions } from './listener.js';
import type { MessageTransport } from './message-transport.js';

const TOKEN = 'a-token-that-nobody-guesses';
const TOKEN_AUTH = capabilityToken(createHash('sha256').update(TOKEN).digest('hex'));

interface Door {
  readonly listener: Listener;
  readonly port: number;
  readonly address: RawAddress;
  readonly peers: MessageTransport[];
  readonly clock: VirtualClock;
}

async function open(options: Partial<ListenerOptions> = {}): Promise<Door> {
  const peers: MessageTransport[] = [];
  const clock = new VirtualClock();
  const listener = await Listener.open({
    address: { type: 'websocket', host: '127.0.0.1', port: 0 },
    auth: undefined,
    clock,
    onPeer: (transport) => peers.push(transport),
    ...options,
  });
  onTestFinished(() => listener.close());
  const port = Number(/:(?<port>\d+)$/.exec(listener.url)?.groups?.port);
  return { listener, port, address: { port }, peers, clock };
}

/** The status and the text that plain HTTP is answered with. */
async function ask(address: RawAddress, request: string): Promise<readonly [status: number, text: string]> {
  const peer = RawWebSocket.connect(address);
  peer.write(request);
  await peer.closed;
  return [peer.status, peer.response.split('\r\n\r\n')[1] ?? ''];
}

describe('a listener', () => {
  it('makes a connection of a request on any path, without compression', async () => {
    const { address, peers } = await open();
    const offer = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };
    for (const path of ['/', '/any/path?x=1']) {
      const peer = await RawWebSocket.open(address, offer, path);
      expect([peer.status, /deflate/.test(peer.response)]).toEqual([101, false]);
    }
    expect(peers.map(({ label }) => /^websocket 127\.0\.0\.1:\d+$/.test(label))).toEqual([true, true]);
  });

  it('answers whether it lives and is ready, and 400 to other plain requests', async () => {
    const { address, port, listener } = await open({ auth: TOKEN_AUTH });
    const get = (path: string) => ask(address, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    expect(await get('/readyz')).toEqual([200, '']);
    expect(await get('/healthz?x')).toEqual([200, '']);
    expect(await get('/')).toEqual([400, "Connection header did not include 'upgrade'"]);
    listener.drain();
    expect(await get('/readyz')).toEqual([503, 'the server is shutting down']);
    expect(await get('/healthz')).toEqual([200, '']);
  });

  it.each([
    'null',
    '',
    'http://127.0.0.1',
    'http://localhost.evil.example',
    'http://127.0.0.1.nip.io',
    'file://',
    'https://evil.example',
    'vscode-webview://x',
    'chrome-extension://x',
  ])('refuses the origin %j with 403, on every path', async (origin) => {
    const { address, port, peers } = await open();
    const own = `http://127.0.0.1:${port}`;
    for (const Origin of [origin, own]) {
      expect((await RawWebSocket.open(address, { Origin })).status).toBe(403);
      const health = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\norigin: ${Origin}\r\n\r\n`;
      expect((await ask(address, health))[0]).toBe(403);
    }
    expect(peers).toEqual([]);
  });

  it('refuses every Host but the address and port that the connection came to', async () => {
    const { address, port, peers } = await open();
    const hosts = [
      'localhost',
      `localhost:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.:${port}`,
      `127.0.0.1:0${port}`,
      `127.1:${port}`,
      `0.0.0.0:${port}`,
      `[::1]:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      `x@127.0.0.1:${port}`,
      `127.0.0.1:${port}@evil.example`,
      `evil.example:${port}`,
      `127.0.0.1.nip.io:${port}`,
      `127.0.0.1:${port}, evil.example`,
      `127.0.0.1:${port}\r\nHost: evil.example`,
      `evil.example\r\nHost: 127.0.0.1:${port}`,
      '',
    ];
    for (const Host of hosts)
      expect([Host, (await RawWebSocket.open(address, { Host })).status]).toEqual([Host, 403]);
    expect((await RawWebSocket.open(address, { Host: undefined })).status).toBe(403);
    const old = `GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`;
    expect((await ask(address, old))[0]).toBe(403);
    expect(peers).toEqual([]);
  });

  it('lets in who has the token, and nobody else', async () => {
    const { address, peers } = await open({ auth: TOKEN_AUTH });
    const refused = async (headers: Record<string, string>, path?: string) => {
      const peer = await RawWebSocket.open(address, headers, path);
      await peer.closed;
      return [peer.status, peer.response.split('\r\n\r\n')[1]];
    };
    expect(await refused({})).toEqual([401, 'missing websocket bearer token']);
    expect(await refused({}, `/?token=${TOKEN}`)).toEqual([401, 'missing websocket bearer token']);
    expect(await refused({ 'Sec-WebSocket-Protocol': TOKEN })).toEqual([
      401,
      'missing websocket bearer token',
    ]);
    expect(await refused({ Authorization: TOKEN })).toEqual([401, 'invalid authorization header']);
    expect(await refused({ Authorization: 'Bearer nope' })).toEqual([401, 'invalid websocket bearer token']);
    expect(peers).toEqual([]);
    const peer = await RawWebSocket.open(address, { Authorization: `Bearer ${TOKEN}` });
    expect([peer.status, peers.length]).toEqual([101, 1]);
  });

  it('has each bad try wait once there were too many in a row, until a good one comes', async () => {
    const { address, clock } = await open({ auth: TOKEN_AUTH });
    const bad = { Authorization: 'Bearer nope' };
    for (let count = 0; count < LIMITS.badTokensBeforeDelay; count += 1)
      expect((await RawWebSocket.open(address, bad)).status).toBe(401);
    const late = RawWebSocket.open(address, bad);
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await RawWebSocket.open(address, { Authorization: `Bearer ${TOKEN}` });
    const early = await RawWebSocket.open(address, bad);
    expect(early.status).toBe(401);
    clock.advance(LIMITS.badTokenDelayMs);
    expect((await late).status).toBe(401);
  });

  it('holds at most so many connections, and lets another in when one has left', async () => {
    const { address, peers } = await open();
    const all = [];
    for (let count = 0; count < LIMITS.connections; count += 1) all.push(await RawWebSocket.open(address));
    expect((await RawWebSocket.open(address)).status).toBe(503);
    expect(peers).toHaveLength(LIMITS.connections);
    all[0]?.destroy();
    for (let status = 503; status !== 101; ) ({ status } = await RawWebSocket.open(address));
    expect(peers).toHaveLength(LIMITS.connections + 1);
  });

  it('lets nobody in while it drains, and keeps those who are there', async () => {
    const { address, listener, peers } = await open();
    const peer = await RawWebSocket.open(address);
    listener.drain();
    expect((await RawWebSocket.open(address)).status).toBe(503);
    await peers[0]?.write(['still here']);
    await expect(peer.until(() => true)).resolves.toBe('still here');
  });

  it('leaves no socket when it closes, whatever state they are in', async () => {
    const { address, listener } = await open();
    const silent = RawWebSocket.connect(address);
    const half = RawWebSocket.connect(address);
    half.write('GET / HTTP/1.1\r\nHo');
    const connected = await RawWebSocket.open(address);
    await listener.close();
    await Promise.all([silent, half, connected].map(({ closed }) => closed));
    await listener.close();
  });

  it('given 1,000 handshakes that are not quite right lets none in, and serves a good one all the while', async () => {
    const { address, port, peers } = await open({ auth: TOKEN_AUTH });
    const good = await RawWebSocket.open(address, { Authorization: `Bearer ${TOKEN}` });
    const random = new SeededRandom(20_261_121);
    let refused = 0;
    for (let count = 0; count < 1_000; count += 1) {
      const peer = await RawWebSocket.open(address, badHeaders(random, port));
      expect(peer.status).toBeGreaterThanOrEqual(400);
      refused += 1;
      peer.destroy();
    }
    expect([refused, peers.length]).toEqual([1_000, 1]);
    await peers[0]?.write(['served']);
    await expect(good.until(() => true)).resolves.toBe('served');
  });
});

/** Headers of a handshake with one thing that is wrong. Wrong tokens come rarely, since many in a row are made to wait. */
function badHeaders(random: SeededRandom, port: number): Record<string, string | undefined> {
  const Authorization = `Bearer ${TOKEN}`;
  const wrong = random.pick<Record<string, string | undefined>>([
    { Origin: random.pick(['null', 'http://evil.example', `http://127.0.0.1:${port}`, '*']) },
    { Host: random.pick(['evil.example', `localhost:${port}`, `127.0.0.1:${port}.`, `127.0.0.1:${port} x`]) },
    { Upgrade: random.pick(['h2c', 'websockets', 'http/1.1', undefined]) },
    { Connection: random.pick(['keep-alive', 'close', undefined]) },
    { 'Sec-WebSocket-Version': random.pick(['0', '12', '14', 'x', undefined]) },
    { 'Sec-WebSocket-Key': random.pick(['', 'short', 'x'.repeat(40), undefined]) },
    { 'Content-Length': random.pick(['-1', 'x', '1, 2']) },
    { 'Transfer-Encoding': random.pick(['chunked, x', 'identity, chunked, chunked']) },
    { 'X Y': 'z' },
  ]);
  return { Authorization, ...wrong };
}

describe('a listener on a unix socket', () => {
  it('is there for its owner alone, asks for no token and no Host, and takes its file along', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-listener-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const path = join(directory, 's.sock');
    const { listener, peers } = await open({ address: { type: 'unix', path } });
    expect([listener.url, (await stat(path)).mode & 0o777]).toEqual([`unix://${path}`, 0o600]);
    expect((await RawWebSocket.open({ path }, { Host: 'anything' })).status).toBe(101);
    expect((await RawWebSocket.open({ path }, { Origin: 'http://evil.example' })).status).toBe(403);
    expect(peers.map(({ label }) => label)).toEqual(['unix']);
    await expect(open({ address: { type: 'unix', path } })).rejects.toThrow('another server listens there');
    await listener.close();
    expect(await readdir(directory)).toEqual([]);
  });
});
