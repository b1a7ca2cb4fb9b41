import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TextWriter } from './text-writer.js';

/** A stream that is full after every write until it is let go on. */
function fullStream(): { readonly stream: Writable; readonly goOn: () => void; readonly written: string[] } {
  const written: string[] = [];
  let goOn = (): void => {};
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, callback) {
      written.push(String(chunk));
      goOn = callback;
    },
  });
  return { stream, goOn: () => goOn(), written };
}

describe('TextWriter', () => {
  it('waits while the stream is full', async () => {
    const { stream, goOn, written } = fullStream();
    const events: string[] = [];
    const writing = new TextWriter(stream, undefined).write('one').then(() => events.push('room'));
    await new Promise((resolve) => setImmediate(resolve));
    expect([written, events]).toEqual([['one'], []]);
    goOn();
    await writing;
    expect(events).toEqual(['room']);
  });

  it('does not wait for a full stream once somebody is in a hurry', async () => {
    const hurry = new AbortController();
    const { stream, written } = fullStream();
    const writer = new TextWriter(stream, hurry.signal);
    const waiting = writer.write('one');
    hurry.abort();
    await waiting;
    await writer.write('two');
    expect(written).toEqual(['one']);
    expect(stream.writableLength).toBe('onetwo'.length);
  });

  it('drops what is written to a reader who left, and nothing throws', async () => {
    const left = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, callback) => callback(left) });
    const writer = new TextWriter(stream, undefined);
    await writer.write('one');
    await writer.write('two');
    expect(stream.destroyed).toBe(true);
  });

  it('leaves no listener behind, however often it waited', async () => {
    const { stream, goOn } = fullStream();
    const writer = new TextWriter(stream, new AbortController().signal);
    for (let round = 0; round < 20; round += 1) {
      const writing = writer.write('x');
      await new Promise((resolve) => setImmediate(resolve));
      goOn();
      await writing;
    }
    expect(['drain', 'close', 'error'].map((event) => stream.listenerCount(event))).toEqual([0, 0, 1]);
  });
});
