import { Channel, type ChannelOptions, type SendResult } from '@millrace/channel';
import type { SizedMessage } from '../channel-model.js';
import type { ChannelFactory } from '../channel-simulation.js';

type Options = ChannelOptions<SizedMessage>;
type Message = SizedMessage;

class AbortedSendLeavesItsMessage extends Channel<Message> {
  override send(message: Message, signal?: AbortSignal): Promise<'sent' | 'closed'> {
    return super.send(message, signal).catch((reason: unknown) => {
      this.trySend(message);
      throw reason;
    });
  }
}

/** A send that waits looks again a few times before it stands in line. */
class TrySendOvertakes extends Channel<Message> {
  override async send(message: Message, signal?: AbortSignal): Promise<'sent' | 'closed'> {
    for (let looks = 0; looks < 3 && this.size === this.capacity && signal?.aborted !== true; looks += 1)
      await undefined;
    return super.send(message, signal);
  }
}

class CloseDropsWhatIsQueued extends Channel<Message> {
  override close(): void {
    super.close();
    this.dispose();
  }
}

class ClosedRefusalIsNotCounted extends Channel<Message> {
  #uncounted = 0;

  override trySend(message: Message): SendResult {
    const result = super.trySend(message);
    if (result === 'closed') this.#uncounted += 1;
    return result;
  }

  override get stats(): Channel<Message>['stats'] {
    const stats = super.stats;
    return { ...stats, refused: stats.refused - this.#uncounted };
  }
}

class OneTooMany extends Channel<Message> {
  constructor(options: Options) {
    super({ ...options, capacity: options.capacity + 1 });
  }
}

class BytesAreNotGivenBack extends Channel<Message> {
  #peak = 0;

  override get bytes(): number {
    this.#peak = Math.max(this.#peak, super.bytes);
    return this.#peak;
  }
}

class EndsBeforeItIsDrained extends Channel<Message> {
  override get isDone(): boolean {
    return this.state !== 'open';
  }

  override tryReceive(): Message | undefined {
    return this.isDone ? undefined : super.tryReceive();
  }
}

/** A receiver that waits does not hear of a message that comes by `send`, only of the next one by `trySend`. */
class LostWakeUp extends Channel<Message> {
  #isDeaf = false;
  #hear: (() => void) | undefined;

  override async send(message: Message, signal?: AbortSignal): Promise<'sent' | 'closed'> {
    this.#isDeaf = true;
    return super.send(message, signal);
  }

  override trySend(message: Message): SendResult {
    this.#isDeaf = false;
    this.#hear?.();
    return super.trySend(message);
  }

  override async receiveBatch(max: number, signal?: AbortSignal): Promise<Message[]> {
    const batch = await super.receiveBatch(max, signal);
    if (this.#isDeaf) {
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
    return batch;
  }
}

class AbortedReceiveTakesAMessage extends Channel<Message> {
  override receive(signal?: AbortSignal): Promise<Message | undefined> {
    signal?.addEventListener('abort', () => this.tryReceive());
    return super.receive(signal);
  }
}

class SecondReceiverIsLetIn extends Channel<Message> {
  override receive(signal?: AbortSignal): Promise<Message | undefined> {
    return super.receive(signal).catch((error: { readonly code?: string }) => {
      if (error.code === 'CONCURRENT_RECEIVE') return undefined;
      throw error;
    });
  }
}

class LastInFirstOut extends Channel<Message> {
  #newest: Message | undefined;

  override trySend(message: Message): SendResult {
    const result = super.trySend(message);
    if (result === 'sent') this.#newest = message;
    return result;
  }

  override tryReceive(): Message | undefined {
    const message = super.tryReceive();
    return message === undefined ? undefined : (this.#newest ?? message);
  }
}

class RefusalKeepsTheMessage extends Channel<Message> {
  #kept: Message | undefined;

  override trySend(message: Message): SendResult {
    const result = super.trySend(message);
    if (result === 'full') this.#kept = message;
    return result;
  }

  override tryReceive(): Message | undefined {
    const message = super.tryReceive() ?? this.#kept;
    if (message === this.#kept) this.#kept = undefined;
    return message;
  }
}

/** Broken channels by what is wrong with them. The channel suite must catch each. */
export const CHANNEL_BUGS: Readonly<Record<string, ChannelFactory>> = {
  'an aborted send leaves its message': (options) => new AbortedSendLeavesItsMessage(options),
  'trySend overtakes a waiting send': (options) => new TrySendOvertakes(options),
  'close drops what is queued': (options) => new CloseDropsWhatIsQueued(options),
  'a refusal of a closed channel is not counted': (options) => new ClosedRefusalIsNotCounted(options),
  'one message too many is let in': (options) => new OneTooMany(options),
  'bytes are not given back': (options) => new BytesAreNotGivenBack(options),
  'the end comes before the queue is drained': (options) => new EndsBeforeItIsDrained(options),
  'the wake-up of a send is lost': (options) => new LostWakeUp(options),
  'an aborted receive takes a message': (options) => new AbortedReceiveTakesAMessage(options),
  'a second receiver is let in': (options) => new SecondReceiverIsLetIn(options),
  'the last message comes first': (options) => new LastInFirstOut(options),
  'a refused message is kept': (options) => new RefusalKeepsTheMessage(options),
};
