import { benchChannel } from './channel.bench.js';
import { atMost, type Measurement } from './measurement.js';

/** Nanoseconds a message at most, where a goal says so. */
const TARGETS: ReadonlyMap<string, number> = new Map([
  ['channel: trySend and tryReceiveBatch', 30],
  ['channel: for await', 75],
]);

/** Goal 3: what the bounded queues cost a message, the best of several rounds each. */
export async function measureQueues(): Promise<Measurement[]> {
  const figures = await benchChannel();
  return figures.map(({ name, nsPerMessage }) => {
    const target = TARGETS.get(name);
    return {
      goal: 3,
      what: name,
      value: nsPerMessage,
      unit: 'ns/message',
      ...(target === undefined ? {} : { target: atMost(target) }),
    };
  });
}
