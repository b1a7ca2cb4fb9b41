import { Channel, type ChannelOptions } from '@millrace/channel';
import { ChannelChecker } from './channel-checker.js';
import { ChannelModel, type SizedMessage } from './channel-model.js';
import type { SeededRandom } from './seeded-random.js';

/** Makes the channel under test; a planted bug makes a broken one. */
export type ChannelFactory = (options: ChannelOptions<SizedMessage>) => Channel<SizedMessage>;

/** The unbroken one. */
export const soundChannel: ChannelFactory = (options) => new Channel(options);

/**
 * One random life of a small channel, checked at each step against the model (CH-1 to CH-9).
 *
 * Sends and receives wait, are aborted, and run on for a random number of microtasks between the steps.
 */
export async function simulateChannel(
  random: SeededRandom,
  create: ChannelFactory = soundChannel,
): Promise<void> {
  const capacity = random.int(1, 4);
  const maxBytes = random.chance(0.5) ? random.int(2, 8) : 1_000;
  const channel = create({ capacity, maxBytes, sizeOf: (message) => message.size, maxWaiting: 100 });
  const checker = new ChannelChecker(channel, new ChannelModel(capacity, maxBytes));
  const steps = random.int(5, 40);
  for (let id = 0; id < steps; id += 1) {
    await takeStep(random, checker, { id, size: random.int(1, 4) });
    for (let ticks = random.int(0, 3); ticks > 0; ticks -= 1) await undefined;
    if (random.chance(0.3)) await checker.checkAtRest();
  }
  await checker.checkAtRest();
  checker.close();
  for (let left = channel.size; left > 0 && !checker.isReceiving; left -= 1) checker.tryReceive();
  await checker.checkAtRest();
}

async function takeStep(random: SeededRandom, checker: ChannelChecker, message: SizedMessage): Promise<void> {
  const dice = random.next();
  if (dice < 0.25) checker.trySend(message);
  else if (dice < 0.5) checker.send(message);
  else if (dice < 0.6) checker.abortSend(random.int(0, 5));
  else if (dice < 0.72) {
    if (!checker.isReceiving) checker.tryReceive();
  } else if (dice < 0.88) {
    if (!checker.isReceiving) checker.startReceive(random.int(1, 3));
  } else if (dice < 0.93) checker.abortReceive();
  else if (dice < 0.97) await checker.secondReceive();
  else if (dice < 0.99) checker.close();
  else checker.dispose();
}
