import { createHook } from 'node:async_hooks';
import { withClient } from './bench-client.js';
import { atMost, type Measurement } from './measurement.js';
import { median } from './quantile.js';
import type { RequestPeer } from './request-peer.js';
import { birpcPeer, jsonRpcPeer, mcpPeer } from './request-rivals.js';

/** Requests of one round: what they allocate has to fit into the young generation, or a collection spoils the number. */
const REQUESTS = 1_000;
const ROUNDS = 15;

/** The rest of goal 2: bytes and promises that a request makes. Needs `--expose-gc` and a large young generation. */
export function measureRequestCosts(): Promise<Measurement[]> {
  return withClient({}, async (client) => {
    const own: RequestPeer = {
      name: 'Millrace configRequirements/read',
      request: () => client.request('configRequirements/read'),
      close: async () => {},
    };
    const measurements: Measurement[] = [];
    for (const peer of [own, jsonRpcPeer(), birpcPeer(), await mcpPeer()]) {
      for (let warm = 0; warm < 5 * REQUESTS; warm++) await peer.request();
      const bytes = await bytesPerRequest(peer);
      const promises = await promisesPerRequest(peer);
      const isOwn = peer === own;
      measurements.push(
        {
          goal: 2,
          what: `allocated, ${peer.name}`,
          value: bytes,
          unit: 'B/req',
          ...(isOwn ? { target: atMost(2_500) } : {}),
        },
        {
          goal: 2,
          what: `promises, ${peer.name}`,
          value: promises,
          unit: '/req',
          ...(isOwn ? { target: atMost(10) } : {}),
        },
      );
      await peer.close();
    }
    return measurements;
  });
}

async function bytesPerRequest({ request }: RequestPeer): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < REQUESTS; index++) await request();
    samples.push((process.memoryUsage().heapUsed - before) / REQUESTS);
  }
  return median(samples);
}

/** All promises, those of the measuring loop's own `await` included. */
async function promisesPerRequest({ request }: RequestPeer): Promise<number> {
  let promises = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') promises += 1;
    },
  });
  hook.enable();
  for (let index = 0; index < REQUESTS; index++) await request();
  hook.disable();
  return promises / REQUESTS;
}
