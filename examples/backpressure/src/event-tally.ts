import type { ClientEvent } from '@millrace/client';

/** How many, by method. */
export type Counts = ReadonlyMap<string, number>;

/** What one consumer has read so far. */
export class EventTally {
  readonly #delivered = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  readonly #endedTurns: string[] = [];
  readonly #emittedAtMs: number[] = [];
  #text = '';
  #finalText = '';
  #markers = 0;
  #resyncs = 0;

  add(event: ClientEvent): void {
    switch (event.type) {
      case 'lagged':
        this.#markers += 1;
        for (const [method, count] of Object.entries(event.byMethod)) increase(this.#skipped, method, count);
        return;
      case 'resynced':
        this.#resyncs += 1;
        // In place of what was missed: the message as it is by now.
        for (const item of event.activeTurn?.items ?? [])
          if (item.type === 'agentMessage') this.#finalText = item.text;
        return;
      case 'notification':
        this.#emittedAtMs.push(event.emittedAtMs);
        increase(this.#delivered, event.method, 1);
        this.#read(event);
        return;
      case 'request':
      case 'disconnected':
        throw new Error(`a ${event.type} is not expected here`);
    }
  }

  /** Events read; markers do not count. */
  get total(): number {
    return this.#emittedAtMs.length;
  }
  /** When each of the events was emitted, in the order in which they were read: Unix time in milliseconds. */
  get emittedAtMs(): readonly number[] {
    return this.#emittedAtMs;
  }
  get delivered(): Counts {
    return this.#delivered;
  }
  /** As the `lagged` markers tell it. */
  get skipped(): Counts {
    return this.#skipped;
  }
  get markers(): number {
    return this.#markers;
  }
  get resyncs(): number {
    return this.#resyncs;
  }
  /** Turns whose end was read, in that order. */
  get endedTurns(): readonly string[] {
    return this.#endedTurns;
  }
  /** The deltas of the last message, put together. */
  get text(): string {
    return this.#text;
  }
  /** The last message as the server states it, at its end or in a resync. */
  get finalText(): string {
    return this.#finalText;
  }

  #read(event: Extract<ClientEvent, { type: 'notification' }>): void {
    switch (event.method) {
      case 'item/started':
        if (event.params.item.type === 'agentMessage') this.#text = '';
        return;
      case 'item/agentMessage/delta':
        this.#text += event.params.delta;
        return;
      case 'item/completed':
        if (event.params.item.type === 'agentMessage') this.#finalText = event.params.item.text;
        return;
      case 'turn/completed':
        this.#endedTurns.push(event.params.turn.id);
        return;
    }
  }
}

export function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

export function sum(counts: Counts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
