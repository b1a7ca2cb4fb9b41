import { yieldToMacrotask } from '@millrace/channel';
import { EventEmitter } from 'eventemitter3';
import { BATCH, DELTA } from './bench-model.js';

interface DeltaEvent {
  readonly type: 'notification';
  readonly method: 'item/agentMessage/delta';
  readonly params: {
    readonly threadId: string;
    readonly turnId: string;
    readonly itemId: string;
    readonly delta: string;
  };
  readonly emittedAtMs: number;
}

/** A consumer of an emitter: it has to keep what it has not handled yet by itself, because an emitter holds nothing back. */
class EmitterConsumer {
  #queued: DeltaEvent[] = [];
  #wake: (() => void) | undefined;

  constructor(emitter: EventEmitter) {
    emitter.on('event', (event: DeltaEvent) => {
      this.#queued.push(event);
      this.#wake?.();
    });
  }

  get queued(): number {
    return this.#queued.length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<DeltaEvent, void, void> {
    for (;;) {
      const batch = this.#queued;
      this.#queued = [];
      yield* batch;
      if (this.#queued.length > 0) continue;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export interface EmitterRun {
  readonly eventsPerSecond: number;
  /** Bytes that each event costs because the stalled consumer has not read it. NaN without `--expose-gc`. */
  readonly keptBytesPerEvent: number;
}

/** Sends that many deltas to a consumer that reads and one that does not, from a producer that pauses as the model's does. */
export async function runEmitter(count: number): Promise<EmitterRun> {
  const emitter = new EventEmitter();
  const fast = new EmitterConsumer(emitter);
  const stalled = new EmitterConsumer(emitter);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const start = performance.now();
  const reading = read(fast, count);
  for (let sent = 0; sent < count; sent++) {
    const params = { threadId: 'thread', turnId: 'turn', itemId: 'item', delta: DELTA };
    const event: DeltaEvent = {
      type: 'notification',
      method: 'item/agentMessage/delta',
      params,
      emittedAtMs: Date.now(),
    };
    emitter.emit('event', event);
    if (sent % BATCH === BATCH - 1) await yieldToMacrotask();
  }
  await reading;
  const elapsedMs = performance.now() - start;
  globalThis.gc?.();
  const kept = globalThis.gc === undefined ? Number.NaN : process.memoryUsage().heapUsed - heapBefore;
  return { eventsPerSecond: (count / elapsedMs) * 1_000, keptBytesPerEvent: kept / stalled.queued };
}

async function read(consumer: EmitterConsumer, count: number): Promise<number> {
  let characters = 0;
  let seen = 0;
  for await (const { params } of consumer) {
    characters += params.delta.length;
    if (++seen === count) break;
  }
  return characters;
}
