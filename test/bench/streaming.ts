import { scriptedModel } from '@millrace/model';
import { withClient } from './bench-client.js';
import type { Measurement } from './measurement.js';
import { median } from './quantile.js';

const DELTAS = 10_000;
const ROUNDS = 15;

/** Goal 6 without its peer: a turn of 10,000 deltas of the scripted model, from the request to `turn/completed`. */
export function measureStreaming(): Promise<Measurement[]> {
  return withClient({ model: scriptedModel() }, async (client) => {
    const { thread } = await client.request('thread/start', { ephemeral: true });
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      const run = client.runTurn({
        threadId: thread.id,
        input: [{ type: 'text', text: `stream ${DELTAS}` }],
      });
      let deltas = 0;
      for await (const event of run) {
        if (event.type === 'notification' && event.method === 'item/agentMessage/delta') deltas += 1;
      }
      if (round > 2) rates.push((deltas / (performance.now() - start)) * 1_000);
    }
    return [
      { goal: 6, what: `a turn of ${DELTAS} deltas, end to end`, value: median(rates), unit: 'deltas/s' },
    ];
  });
}
