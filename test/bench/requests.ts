import { withClient } from './bench-client.js';
import { atLeast, atMost, type Measurement } from './measurement.js';
import { median, quantile } from './quantile.js';
import type { RequestPeer } from './request-peer.js';
import { birpcPeer, jsonRpcPeer, mcpPeer } from './request-rivals.js';

/** Rounds of each peer. They alternate, so that a slow moment of the machine meets all of them. */
const ROUNDS = 7;
/** Milliseconds that a round of one peer takes, sequential and pipelined each. */
const ROUND_MS = 180;
/** Requests between two looks at the clock in a round. */
const SLICE = 500;
/** Requests that are measured one by one in a round at most. */
const SAMPLES_MAX = 200_000;
const IN_FLIGHT = 64;

interface RequestTimes {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Goals 1 and 2: how long a request takes, alone and with 64 in flight, beside the rivals in the same process. */
export function measureRequests(): Promise<Measurement[]> {
  return withClient({}, async (client) => {
    const peers: RequestPeer[] = [
      {
        name: 'Millrace configRequirements/read',
        request: () => client.request('configRequirements/read'),
        close: async () => {},
      },
      {
        name: 'Millrace thread/loaded/list',
        request: () => client.request('thread/loaded/list'),
        close: async () => {},
      },
      jsonRpcPeer(),
      birpcPeer(),
      await mcpPeer(),
    ];
    const times = await timesOf(peers);
    for (const peer of peers) await peer.close();
    return report(times);
  });
}

async function timesOf(peers: readonly RequestPeer[]): Promise<Map<string, RequestTimes>> {
  const rounds = new Map(peers.map(({ name }) => [name, [] as RequestTimes[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const peer of peers) {
      const { p50, p99 } = await measureSequential(peer);
      const perSecond = await measurePipelined(peer);
      if (round > 0) rounds.get(peer.name)?.push({ p50, p99, perSecond }); // The first round warms up.
    }
  }
  const column = (all: readonly RequestTimes[], field: keyof RequestTimes): number =>
    median(all.map((times) => times[field]));
  return new Map(
    [...rounds].map(([name, all]) => [
      name,
      { p50: column(all, 'p50'), p99: column(all, 'p99'), perSecond: column(all, 'perSecond') },
    ]),
  );
}

/** Microseconds of single requests, one after the other. The clock itself costs about 0.05 of them. */
async function measureSequential({
  request,
}: RequestPeer): Promise<{ readonly p50: number; readonly p99: number }> {
  const samples = new Float64Array(SAMPLES_MAX);
  const end = performance.now() + ROUND_MS;
  let count = 0;
  while (count < SAMPLES_MAX && performance.now() < end) {
    for (let slice = 0; slice < SLICE; slice++) {
      const start = performance.now();
      await request();
      samples[count++] = (performance.now() - start) * 1_000;
    }
  }
  const taken = samples.subarray(0, count);
  return { p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) };
}

/** Requests per second with 64 of them in flight all the time. */
async function measurePipelined({ request }: RequestPeer): Promise<number> {
  const start = performance.now();
  const end = start + ROUND_MS;
  let count = 0;
  const keepOneInFlight = async (): Promise<void> => {
    while (performance.now() < end) {
      for (let slice = 0; slice < 50; slice++) await request();
      count += 50;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, keepOneInFlight));
  return (count / (performance.now() - start)) * 1_000;
}

function report(times: ReadonlyMap<string, RequestTimes>): Measurement[] {
  const of = (name: string): RequestTimes =>
    times.get(name) ?? { p50: Number.NaN, p99: Number.NaN, perSecond: Number.NaN };
  const own = of('Millrace configRequirements/read');
  const targets = { p50: atMost(0.8), p99: atMost(5), perSecond: atLeast(1_200_000) };
  const rows = [...times].flatMap(([name, { p50, p99, perSecond }]): Measurement[] => {
    const isGoal = name.startsWith('Millrace configRequirements');
    return [
      {
        goal: 1,
        what: `request p50, ${name}`,
        value: p50,
        unit: 'µs',
        ...(isGoal ? { target: targets.p50 } : {}),
      },
      {
        goal: 1,
        what: `request p99, ${name}`,
        value: p99,
        unit: 'µs',
        ...(isGoal ? { target: targets.p99 } : {}),
      },
      {
        goal: 2,
        what: `64 in flight, ${name}`,
        value: perSecond,
        unit: 'req/s',
        ...(isGoal ? { target: targets.perSecond } : {}),
      },
    ];
  });
  const slower = (name: string): number => of(name).p50 / own.p50;
  const faster = (name: string): number => own.perSecond / of(name).perSecond;
  return [
    ...rows,
    { goal: 1, what: 'p50: birpc takes longer by', value: slower('birpc'), unit: 'x', target: atLeast(1) },
    {
      goal: 1,
      what: 'p50: json-rpc-2.0 takes longer by',
      value: slower('json-rpc-2.0'),
      unit: 'x',
      target: atLeast(1),
    },
    {
      goal: 1,
      what: 'p50: MCP in memory takes longer by',
      value: slower('MCP in memory'),
      unit: 'x',
      target: atLeast(10),
    },
    {
      goal: 2,
      what: 'pipelined: more than json-rpc-2.0 by',
      value: faster('json-rpc-2.0'),
      unit: 'x',
      target: atLeast(3),
    },
    { goal: 2, what: 'pipelined: more than birpc by', value: faster('birpc'), unit: 'x' },
    {
      goal: 2,
      what: 'pipelined: more than MCP in memory by',
      value: faster('MCP in memory'),
      unit: 'x',
      target: atLeast(16),
    },
  ];
}
