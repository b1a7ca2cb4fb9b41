import { LIMITS } from '@millrace/protocol';
import { RawWebSocket, rawFrame, VirtualClock } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Listener } from './listener.js';
import type { Incoming, MessageTransport } from './message-transport.js';

interface Pair {
  readonly peer: RawWebSocket;
  readonly transport: MessageTransport;
  readonly clock: VirtualClock;
}

async function connect(): Promise<Pair> {
  const clock = new VirtualClock();
  const transports: MessageTransport[] = [];
  const listener = await Listener.open({
    address: { type: 'websocket', host: '127.0.0.1', port: 0 },
    auth: undefined,
    clock,
    onPeer: (transport) => transports.push(transport),
  });
  onTestFinished(() => listener.close());
  const port = Number(/:(?<port>\d+)$/.exec(listener.url)?.groups?.port);
  const peer = await RawWebSocket.open({ port });
  const [transport] = transports;
  if (transport === undefined) throw new Error('no peer came');
  return { peer, transport, clock };
}

async function readAll(incoming: AsyncIterable<readonly Incoming[]>): Promise<Incoming[]> {
  const all: Incoming[] = [];
  for await (const batch of incoming) all.push(...batch);
  return all;
}

async function macrotasks(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

const message = (text: string) => ({ type: 'message', text });

describe('a websocket', () => {
  it('carries one message a text frame, however its bytes are cut, and says of a binary one that it is none', async () => {
    const { peer, transport } = await connect();
    const bytes = Buffer.concat([
      rawFrame('text', 'é€😀'),
      rawFrame('text', 'a', { isFinal: false }),
      rawFrame('ping', 'in between'),
      rawFrame('continuation', 'b'),
      rawFrame('binary', 'x'),
    ]);
    const reading = readAll(transport.incoming);
    for (let cut = 0; cut < bytes.length; cut += 1) {
      peer.write(bytes.subarray(0, cut));
      await macrotasks(2);
      peer.write(bytes.subarray(cut));
    }
    peer.write(rawFrame('close', Buffer.from([0x03, 0xe8])));
    const once = [message('é€😀'), message('ab'), { type: 'binary' }];
    expect(await reading).toEqual(Array.from(bytes, () => once).flat());
  });

  it.each([
    ['a message over the limit', 1009, rawFrame('text', '', { claimedLength: LIMITS.lineBytes + 1 })],
    ['text that is not UTF-8', 1007, rawFrame('text', Buffer.from([0xff, 0xfe]))],
    ['a frame with bits that mean nothing', 1002, Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['a frame that is not masked', 1002, Buffer.from([0x81, 0x01, 0x61])],
    ['a continuation of nothing', 1002, rawFrame('continuation', 'x')],
    ['a ping that is too long', 1002, rawFrame('ping', 'x'.repeat(126))],
  ])('is closed at %s with code %i', async (_what, code, bytes) => {
    const { peer, transport } = await connect();
    const reading = readAll(transport.incoming);
    peer.write(rawFrame('text', 'before'));
    peer.write(bytes);
    expect(await reading).toEqual([message('before')]);
    await expect(transport.write(['x'])).rejects.toThrow('the peer is gone');
    expect(peer.leave?.code).toBe(code);
  });

  it('is closed at pieces of a message that together are over the limit', async () => {
    const { peer, transport } = await connect();
    const reading = readAll(transport.incoming);
    const piece = 'x'.repeat(1024 * 1024);
    peer.write(rawFrame('text', piece, { isFinal: false }));
    for (let size = piece.length; size <= LIMITS.lineBytes; size += piece.length)
      peer.write(rawFrame('continuation', piece, { isFinal: false }));
    expect(await reading).toEqual([]);
    await peer.closed;
    expect(peer.leave?.code).toBe(1009);
  });

  it('is not read while nobody takes its messages, and loses none of them', async () => {
    const { peer, transport } = await connect();
    const count = 40_000;
    const texts = Array.from({ length: count }, (_, index) => `${index}:${'x'.repeat(200)}`);
    for (const text of texts) peer.say(text);
    await macrotasks(200);
    const taken: string[] = [];
    let largest = 0;
    for await (const batch of transport.incoming) {
      largest = Math.max(largest, batch.length);
      for (const incoming of batch) if (incoming.type === 'message') taken.push(incoming.text);
      if (taken.length === count) break;
    }
    expect(taken).toEqual(texts);
    expect(largest).toBeLessThan(LIMITS.incomingMessages + 1_000);
  });

  it('has its writer wait while the peer does not read, and go on when it does', async () => {
    const { peer, transport } = await connect();
    peer.pause();
    const text = 'x'.repeat(64 * 1024);
    let written = 0;
    const writing = (async () => {
      for (; written < 1_000; written += 1) await transport.write([text]);
    })();
    await macrotasks(500);
    expect(written).toBeLessThan(1_000);
    peer.resume();
    await writing;
    while (peer.messages.length < 1_000) await macrotasks(1);
  });

  it('rejects a write that waits when the peer hangs up', async () => {
    const { peer, transport } = await connect();
    peer.pause();
    const writing = (async () => {
      for (;;) await transport.write(['x'.repeat(1024 * 1024)]);
    })();
    await macrotasks(100);
    peer.destroy();
    await expect(writing).rejects.toThrow('the peer is gone');
  });

  it.each([
    ['done', 1000, ''],
    ['shutdown', 1001, 'the server is shutting down'],
    ['full', 1013, 'the server has too many connections'],
    ['slowConsumer', 1013, 'too much was not read for too long'],
  ] as const)('closed for the reason %s says so with code %i, after what was written', async (reason, code, text) => {
    const { peer, transport, clock } = await connect();
    const reading = readAll(transport.incoming);
    await transport.write(['last']);
    const closing = transport.close(reason);
    await expect(peer.until(() => true)).resolves.toBe('last');
    await peer.left;
    expect(peer.leave).toEqual({ code, reason: text });
    expect(peer.isClosed).toBe(false);
    clock.advance(LIMITS.slowCloseMs);
    await closing;
    await peer.closed;
    expect(await reading).toEqual([]);
    await transport.close();
  });

  it('pings, and cuts off a peer that shows no sign of life, but not one that does', async () => {
    const [dead, living] = [await connect(), await connect()];
    const gone = readAll(dead.transport.incoming);
    const reading = living.transport.incoming[Symbol.asyncIterator]();
    for (let beat = 1; beat <= LIMITS.unansweredPings + 2; beat += 1) {
      for (const { clock } of [dead, living]) clock.advance(LIMITS.pingIntervalMs);
      while (living.peer.pings < beat) await macrotasks(1);
      living.peer.write(rawFrame('pong', ''));
      living.peer.say(String(beat));
      expect((await reading.next()).value).toEqual([message(String(beat))]);
      await macrotasks(5);
    }
    expect(await gone).toEqual([]);
    expect(dead.peer.pings).toBe(LIMITS.unansweredPings);
    expect(living.peer.isClosed).toBe(false);
  });
});
