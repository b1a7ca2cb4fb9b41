import { describe, expect, it } from 'vitest';
import type { ClientEvent } from './client-event.js';
import { EventStream } from './event-stream.js';
import type { EventSource } from './link.js';

/** A view that holds what the test puts in. */
class TestSource implements EventSource {
  readonly arrived = 0;
  readonly isHeld = false;

  readonly calls: string[] = [];
  #events: ClientEvent[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;

  put(...messages: readonly string[]): void {
    this.#events.push(...messages.map((message) => ({ type: 'disconnected' as const, message })));
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  open(): void {
    this.calls.push('open');
  }

  pause(): void {
    this.calls.push('pause');
  }

  tryReceive(): ClientEvent | undefined {
    return this.#events.shift();
  }

  async receive(signal: AbortSignal): Promise<ClientEvent | undefined> {
    this.calls.push('receive');
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return this.#isEnded ? undefined : this.#events.shift();
  }
}

const textOf = (event: ClientEvent | undefined): string =>
  event?.type === 'disconnected' ? event.message : '';

describe('EventStream', () => {
  it('opens the view, drains what is there without waiting, and waits only when nothing is', async () => {
    const source = new TestSource();
    source.put('a', 'b');
    const stream = new EventStream(source, () => {});
    expect([textOf((await stream.next()).value), textOf((await stream.next()).value)]).toEqual(['a', 'b']);
    expect(source.calls).toEqual(['open']);
    const waiting = stream.next();
    source.put('c');
    expect(textOf((await waiting).value)).toBe('c');
    expect(source.calls).toEqual(['open', 'receive']);
  });

  it('pauses the view once when the reader leaves, and takes nothing along', async () => {
    const source = new TestSource();
    source.put('a', 'b');
    let ends = 0;
    for await (const event of new EventStream(source, () => (ends += 1))) {
      expect(textOf(event)).toBe('a');
      break;
    }
    expect(source.calls).toEqual(['open', 'pause']);
    expect(ends).toBe(1);
    expect(textOf(source.tryReceive())).toBe('b');
  });

  it('ends a wait that is going on when the reader leaves', async () => {
    const source = new TestSource();
    const stream = new EventStream(source, () => {});
    const waiting = stream.next();
    await stream.return();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });
    await expect(stream.next()).resolves.toEqual({ done: true, value: undefined });
    source.put('later');
    expect(textOf(source.tryReceive())).toBe('later');
  });

  it('ends when the view has ended', async () => {
    const source = new TestSource();
    const stream = new EventStream(source, () => {});
    const waiting = stream.next();
    source.end();
    await expect(waiting).resolves.toEqual({ done: true, value: undefined });
  });
});
