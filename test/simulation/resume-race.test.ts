import { OutboundRouter } from '@millrace/server';
import { InvariantViolation, interleavings, SeededRandom } from '@millrace/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { replace, uproot } from './planting.js';
import { type RaceCoverage, ResumeRace, TURN_STEPS } from './resume-race.js';

/** Runs of each order, each with other distances between the steps. */
const RUNS = 6;

/** Every order of the turn's steps and the resumes of two clients. */
const ORDERS = [...interleavings([TURN_STEPS, 1, 1])];

async function race(
  plant: (race: ResumeRace) => void = () => {},
): Promise<Record<keyof RaceCoverage, number>> {
  const reached = { started: 0, halfway: 0, ended: 0, lagged: 0 };
  const racing = await ResumeRace.start();
  plant(racing);
  try {
    for (const [index, order] of ORDERS.entries()) {
      for (let run = 0; run < RUNS; run += 1) {
        const coverage = await racing.run(order, new SeededRandom(index * RUNS + run));
        for (const name of ['started', 'halfway', 'ended', 'lagged'] as const)
          reached[name] += coverage[name];
      }
    }
    return reached;
  } finally {
    await racing.close();
  }
}

const failureOf = (plant: (race: ResumeRace) => void): Promise<unknown> =>
  race(plant).catch((error: unknown) => error);

describe('two clients that resume a thread in the middle of a turn', () => {
  afterEach(uproot);

  it('each get what happens in it once: in the answer or in an event after it, whatever the order of the steps (EV-2, EV-9)', async () => {
    const reached = await race();
    for (const count of Object.values(reached)) expect(count).toBeGreaterThan(ORDERS.length);
  });

  it('would miss something if they were subscribed after the snapshot: the race finds it', async () => {
    const failure = await failureOf(() => {
      replace(
        OutboundRouter.prototype,
        'subscribe',
        (subscribe) =>
          async function late(this: OutboundRouter, connection, threadId) {
            for (let ticks = 0; ticks < 4; ticks += 1) await undefined;
            subscribe.call(this, connection, threadId);
          },
      );
    });
    expect(failure).toBeInstanceOf(InvariantViolation);
    expect(['EV-2', 'EV-9']).toContain((failure as InvariantViolation).id);
  });

  it('would hear something twice if they were subscribed before the snapshot: the race finds it', async () => {
    const failure = await failureOf((racing) => {
      replace(
        OutboundRouter.prototype,
        'attach',
        (attach) =>
          function early(this: OutboundRouter, connection) {
            attach.call(this, connection);
            this.subscribe(connection, racing.threadId);
          },
      );
    });
    expect(failure).toMatchObject({ id: 'EV-9' });
  });
});
