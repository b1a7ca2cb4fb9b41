import { describe, expect, it } from 'vitest';
import { OutputQueue } from './output-queue.js';

function createQueue(limitBytes = 4) {
  const calls: string[] = [];
  const queue = new OutputQueue({
    limitBytes,
    onRoom: () => calls.push('room'),
    onLeave: () => calls.push('leave'),
  });
  return { queue, calls };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (result: IteratorResult<Uint8Array, undefined>): string | undefined =>
  result.done === true ? undefined : Buffer.from(result.value).toString();

describe('OutputQueue', () => {
  it('gives everything that is there in one read, in order', async () => {
    const { queue } = createQueue();
    queue.push(bytes('ab'));
    queue.push(bytes('c'));
    queue.end();
    expect([text(await queue.next()), text(await queue.next())]).toEqual(['abc', undefined]);
  });

  it('hands a chunk to a reader that waits', async () => {
    const { queue } = createQueue();
    const read = queue.next();
    queue.push(bytes('ab'));
    expect(text(await read)).toBe('ab');
    expect(queue.isFull).toBe(false);
  });

  it('is full at its limit and asks for more once it was emptied', async () => {
    const { queue, calls } = createQueue(2);
    queue.push(bytes('a'));
    expect(queue.isFull).toBe(false);
    queue.push(bytes('b'));
    expect(queue.isFull).toBe(true);
    await queue.next();
    expect(queue.isFull).toBe(false);
    expect(calls).toEqual(['room']);
  });

  it('asks for more when a higher limit makes room', () => {
    const { queue, calls } = createQueue(2);
    queue.push(bytes('ab'));
    queue.setLimit(2);
    expect(calls).toEqual([]);
    queue.setLimit(3);
    expect(calls).toEqual(['room']);
  });

  it('ends a waiting reader, and keeps what it held readable after the end', async () => {
    const { queue, calls } = createQueue(1);
    const read = queue.next();
    queue.end();
    expect(text(await read)).toBeUndefined();
    queue.push(bytes('late'));
    expect(text(await queue.next())).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it('drops everything when the consumer leaves, and says so once', async () => {
    const { queue, calls } = createQueue();
    queue.push(bytes('a'));
    for await (const chunk of queue) {
      expect(chunk).toEqual(bytes('a'));
      break;
    }
    await queue.return();
    queue.push(bytes('b'));
    expect(text(await queue.next())).toBeUndefined();
    expect(calls).toEqual(['leave']);
  });

  it('does not report a consumer that leaves after the end', async () => {
    const { queue, calls } = createQueue();
    queue.end();
    await queue.return();
    expect(calls).toEqual([]);
  });

  it('refuses a second reader', async () => {
    const { queue } = createQueue();
    const read = queue.next();
    await expect(queue.next()).rejects.toThrow('one consumer');
    queue.end();
    await read;
  });
});
