import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Interruptible } from './interruptible.js';

const never = new Promise<never>(() => {});

describe('Interruptible', () => {
  it('passes on what the promise resolves or rejects with', async () => {
    const interruptible = new Interruptible(new AbortController().signal);
    await expect(interruptible.wait(Promise.resolve(1))).resolves.toBe(1);
    await expect(interruptible.wait(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('rejects with the reason when the signal is aborted during a wait that would never end', async () => {
    const controller = new AbortController();
    const waiting = new Interruptible(controller.signal).wait(never);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });

  it('drops a rejection that comes with or after the abort, so that nothing is left unhandled', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const controller = new AbortController();
    const interruptible = new Interruptible(controller.signal);
    controller.abort(new Error('stop'));
    await expect(interruptible.wait(Promise.reject(new Error('too late')))).rejects.toThrow('stop');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('leaves no listener on a signal that outlives it once it is released', async () => {
    const { signal } = new AbortController();
    for (let count = 0; count < 20; count += 1) {
      const interruptible = new Interruptible(signal);
      await interruptible.wait(Promise.resolve());
      interruptible.release();
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
