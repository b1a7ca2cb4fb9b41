import {
  type DeliveryClass,
  EventQueue,
  type EventQueueOptions,
  type OfferResult,
  Permit,
  type Received,
} from '@millrace/channel';

/** A waiting consumer does not hear of an event that comes by a permit, only of the next one that is offered. */
export class LostWakeUpOnReserved<T, S> extends EventQueue<T, S> {
  #isDeaf = false;
  #hear: (() => void) | undefined;

  override offer(event: T, delivery: DeliveryClass): OfferResult {
    this.#isDeaf = false;
    this.#hear?.();
    return super.offer(event, delivery);
  }

  override tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    const permits = super.tryReserveMany(count);
    if (typeof permits === 'string') return permits;
    return permits.map((permit) =>
      withSend(permit, (event) => {
        this.#isDeaf = this.size === 0;
        return permit.send(event);
      }),
    );
  }

  override async receiveBatch(max: number, signal?: AbortSignal): Promise<Received<T, S>[]> {
    const batch = await super.receiveBatch(max, signal);
    if (this.#isDeaf) {
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
    return batch;
  }
}

export class SlotLeaksOnRelease<T, S> extends EventQueue<T, S> {
  override tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    const permits = super.tryReserveMany(count);
    if (typeof permits === 'string') return permits;
    return permits.map(
      (permit) => new Permit<T>({ commit: (event) => permit.send(event), giveBack: () => {} }),
    );
  }
}

export class ReleaseAfterDisposeGoesNegative<T, S> extends EventQueue<T, S> {
  #released = 0;

  override tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    const permits = super.tryReserveMany(count);
    if (typeof permits === 'string') return permits;
    const giveBack = (permit: Permit<T>): void => {
      if (this.state === 'done') this.#released += 1;
      permit.release();
    };
    return permits.map(
      (permit) => new Permit<T>({ commit: (event) => permit.send(event), giveBack: () => giveBack(permit) }),
    );
  }

  override get slotsTaken(): number {
    return super.slotsTaken - this.#released;
  }
}

export class TerminalIsDroppedWhenFull<T, S> extends EventQueue<T, S> {
  readonly #capacity: number;

  constructor(options: EventQueueOptions<T, S>) {
    super(options);
    this.#capacity = options.capacity;
  }

  override tryReserveMany(count: number): readonly Permit<T>[] | 'full' | 'closed' {
    const permits = super.tryReserveMany(count);
    if (typeof permits === 'string') return permits;
    return permits.map((permit) =>
      withSend(permit, (event) => {
        if (this.size < this.#capacity) return permit.send(event);
        permit.release();
        return 'sent';
      }),
    );
  }
}

export class TerminalComesTwice<T, S> extends EventQueue<T, S> {
  #slots = 0;
  #again: Received<T, S> | undefined;

  override tryReceive(): Received<T, S> | undefined {
    const again = this.#again;
    this.#again = undefined;
    if (again !== undefined) return again;
    this.#slots = this.slotsTaken;
    const received = super.tryReceive();
    if (this.slotsTaken < this.#slots) this.#again = received;
    return received;
  }
}

export class EndsWhileAPermitIsOut<T, S> extends EventQueue<T, S> {
  override get isDone(): boolean {
    return super.isDone || (this.state === 'closing' && this.size === 0);
  }
}

function withSend<T>(permit: Permit<T>, send: (event: T) => 'sent' | 'closed'): Permit<T> {
  return new Permit<T>({ commit: send, giveBack: () => permit.release() });
}
