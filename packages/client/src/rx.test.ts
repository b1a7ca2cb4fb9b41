import { firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ClientEvent } from './client-event.js';
import { fromEvents } from './rx.js';

const event = (message: string): ClientEvent => ({ type: 'disconnected', message });

async function* source(state: { left: boolean }, count: number): AsyncGenerator<ClientEvent, void, void> {
  try {
    for (let index = 0; index < count; index++) yield event(String(index));
  } finally {
    state.left = true;
  }
}

describe('fromEvents', () => {
  it('gives every event in order and completes with the source', async () => {
    const state = { left: false };
    const events = await firstValueFrom(fromEvents(() => source(state, 3)).pipe(toArray()));
    expect(events).toEqual([event('0'), event('1'), event('2')]);
    expect(state.left).toBe(true);
  });

  it('leaves the source when nobody subscribes any more', async () => {
    const state = { left: false };
    const events = await firstValueFrom(fromEvents(() => source(state, 1_000)).pipe(take(2), toArray()));
    expect(events).toEqual([event('0'), event('1')]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.left).toBe(true);
  });

  it('fails with the source', async () => {
    const broken: AsyncIterable<ClientEvent> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }),
    };
    await expect(firstValueFrom(fromEvents(() => broken))).rejects.toThrow('broken');
  });
});
