import { describe, expect, it } from 'vitest';
import { Channel } from './channel.js';

const filled = (capacity: number, ...messages: number[]): Channel<number> => {
  const channel = new Channel<number>({ capacity });
  for (const message of messages) channel.trySend(message);
  return channel;
};

describe('Channel', () => {
  it('gives messages back first in first out (CH-3)', () => {
    expect(filled(3, 1, 2, 3).tryReceiveBatch(10)).toEqual([1, 2, 3]);
  });

  it('refuses what does not fit, in the same tick and without effect (CH-2, CH-4)', () => {
    const channel = filled(2, 1, 2);
    expect(channel.trySend(3)).toBe('full');
    expect(channel.tryReceiveBatch(10)).toEqual([1, 2]);
    expect(channel.stats).toEqual({ offered: 3, received: 2, refused: 1, discarded: 0, queued: 0 });
  });

  it('takes a capacity below one for one, and no infinite one', () => {
    expect(new Channel({ capacity: 0 }).capacity).toBe(1);
    expect(() => new Channel({ capacity: Number.POSITIVE_INFINITY })).toThrow('finite');
    expect(() => new Channel({ capacity: Number.NaN })).toThrow('finite');
  });

  it('bounds bytes, and lets one larger message in when empty', () => {
    const channel = new Channel<string>({ capacity: 9, maxBytes: 4, sizeOf: (text) => text.length });
    expect([channel.trySend('too large'), channel.trySend('a')]).toEqual(['sent', 'full']);
    channel.tryReceive();
    expect([channel.trySend('abc'), channel.trySend('de'), channel.trySend('f')]).toEqual([
      'sent',
      'full',
      'sent',
    ]);
    expect(channel.bytes).toBe(4);
  });

  it('asks for sizeOf where bytes are bounded', () => {
    expect(() => new Channel({ capacity: 1, maxBytes: 10 })).toThrow(
      expect.objectContaining({ name: 'ChannelError', code: 'INVALID_LIMIT' }),
    );
  });

  it('refuses undefined as a message', async () => {
    const channel = new Channel<undefined>({ capacity: 1 });
    expect(() => channel.trySend(undefined)).toThrow(expect.objectContaining({ code: 'UNDEFINED_MESSAGE' }));
    await expect(channel.send(undefined)).rejects.toMatchObject({ code: 'UNDEFINED_MESSAGE' });
  });

  it('lets waiting senders in one by one, in order, and trySend never before them (CH-9)', async () => {
    const channel = filled(1, 1);
    const sends = [channel.send(2), channel.send(3)];
    expect(channel.tryReceive()).toBe(1);
    expect([channel.trySend(9), channel.size, channel.waiting]).toEqual(['full', 1, 1]);
    expect([channel.tryReceive(), channel.tryReceive()]).toEqual([2, 3]);
    expect(await Promise.all(sends)).toEqual(['sent', 'sent']);
  });

  it('lets the next sender in when the larger one before it is aborted (CH-5, CH-7)', async () => {
    const channel = new Channel<string>({ capacity: 9, maxBytes: 4, sizeOf: (text) => text.length });
    channel.trySend('abc');
    const controller = new AbortController();
    const large = channel.send('large', controller.signal);
    const small = channel.send('s');
    controller.abort(new Error('gone'));
    await expect(large).rejects.toThrow('gone');
    expect(await small).toBe('sent');
    expect(channel.tryReceiveBatch(9)).toEqual(['abc', 's']);
    expect(channel.stats.offered).toBe(2);
  });

  it('rejects a send that was aborted before it began, and leaves no trace (CH-7)', async () => {
    const channel = new Channel<number>({ capacity: 1 });
    await expect(channel.send(1, AbortSignal.abort('gone'))).rejects.toBe('gone');
    expect(channel.stats.offered).toBe(0);
  });

  it('bounds the senders that wait', async () => {
    const channel = new Channel<number>({ capacity: 1, maxWaiting: 1 });
    channel.trySend(1);
    const waiting = channel.send(2);
    await expect(channel.send(3)).rejects.toMatchObject({ code: 'TOO_MANY_WAITING' });
    channel.dispose();
    expect(await waiting).toBe('closed');
  });

  it('wakes a receiver that waits (CH-5)', async () => {
    const channel = new Channel<number>({ capacity: 2 });
    const received = channel.receive();
    channel.trySend(1);
    expect(await received).toBe(1);
    const batch = channel.receiveBatch(5);
    channel.trySend(2);
    channel.trySend(3);
    expect(await batch).toEqual([2, 3]);
  });

  it('takes nothing when a receive is aborted (CH-7)', async () => {
    const channel = new Channel<number>({ capacity: 1 });
    const controller = new AbortController();
    const received = channel.receive(controller.signal);
    controller.abort('gone');
    channel.trySend(1);
    await expect(received).rejects.toBe('gone');
    await expect(channel.receive(AbortSignal.abort('gone too'))).rejects.toBe('gone too');
    expect(await channel.receive()).toBe(1);
  });

  it('refuses a second receiver, and the first stays good (CH-8)', async () => {
    const channel = new Channel<number>({ capacity: 1 });
    const first = channel.receive();
    await expect(channel.receive()).rejects.toMatchObject({ code: 'CONCURRENT_RECEIVE' });
    channel.trySend(1);
    expect(await first).toBe(1);
  });

  it('drains after close, then ends once and for all (CH-6)', async () => {
    const channel = filled(2, 1, 2);
    const waiting = channel.send(3);
    channel.close();
    channel.close();
    expect([await waiting, channel.trySend(4), await channel.send(5)]).toEqual([
      'closed',
      'closed',
      'closed',
    ]);
    expect([channel.state, channel.isDone]).toEqual(['closing', false]);
    const seen: number[] = [];
    for await (const message of channel) seen.push(message);
    expect(seen).toEqual([1, 2]);
    expect([channel.state, await channel.receive(), await channel.receiveBatch(3)]).toEqual([
      'done',
      undefined,
      [],
    ]);
  });

  it('ends a receive that waits when it is closed (CH-6)', async () => {
    const channel = new Channel<number>({ capacity: 1 });
    const received = channel.receive();
    channel.close();
    expect(await received).toBeUndefined();
  });

  it('drops and counts what is queued when the consumer leaves', async () => {
    const channel = filled(2, 1, 2);
    const waiting = channel.send(3);
    channel.dispose();
    expect([await waiting, channel.trySend(4), channel.isDone]).toEqual(['closed', 'closed', true]);
    expect(channel.stats).toEqual({ offered: 4, received: 0, refused: 2, discarded: 2, queued: 0 });
  });

  it('keeps what a loop has not read when the loop is left', async () => {
    const channel = filled(3, 1, 2, 3);
    for await (const message of channel) {
      if (message === 1) break;
    }
    expect(channel.tryReceiveBatch(9)).toEqual([2, 3]);
    const iterator = channel[Symbol.asyncIterator]();
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('refuses an empty batch', async () => {
    await expect(filled(1).receiveBatch(0)).rejects.toMatchObject({ code: 'INVALID_LIMIT' });
  });
});
