import type { Client, ClientEvent } from '@millrace/client';
import { CLIENT_INFO, withClient } from './bench-client.js';
import { commandModel } from './bench-model.js';
import { runEmitter } from './emitter-rival.js';
import { floodRunner } from './flood-runner.js';
import { atLeast, atMost, type Measurement } from './measurement.js';
import { quantile } from './quantile.js';

const EVENTS = 2_000_000;
/** How often the stalled client asks something meanwhile. */
const ASK_EVERY_MS = 20;
const MIB = 1024 * 1024;

interface FloodRun {
  readonly heapGrowth: number;
  readonly rssGrowth: number;
  readonly emitted: number;
  readonly stalled: ClientView | undefined;
  readonly answersMs: readonly number[];
}

/** What a client got, by method. */
interface ClientView {
  readonly delivered: Map<string, number>;
  readonly merged: Map<string, number>;
  skipped: number;
  readonly skippedByMethod: Map<string, number>;
  hasEnd: boolean;
  isResynced: boolean;
}

/** Goal 5: a consumer that does not read, while 2 million events pass. Needs `--expose-gc` and a process of its own. */
export async function measureStalledConsumer(): Promise<Measurement[]> {
  const alone = await flood(false);
  const beside = await flood(true);
  const emitter = await runEmitter(EVENTS / 4);
  const { stalled, answersMs } = beside;
  if (stalled === undefined) throw new Error('the stalled client is missing');
  const heap = (beside.heapGrowth - alone.heapGrowth) / MIB;
  const accounted = total(stalled.delivered) + total(stalled.merged) + stalled.skipped;
  const sorted = [...answersMs];
  return [
    {
      goal: 5,
      what: 'heap kept for a client that reads nothing, 2 M events',
      value: heap,
      unit: 'MiB',
      target: atMost(1),
    },
    {
      goal: 5,
      what: 'growth of resident memory meanwhile, all of it',
      value: beside.rssGrowth / MIB,
      unit: 'MiB',
      target: atMost(40),
    },
    {
      goal: 5,
      what: 'of that, beyond the same load without that client',
      value: (beside.rssGrowth - alone.rssGrowth) / MIB,
      unit: 'MiB',
    },
    {
      goal: 5,
      what: 'heap kept by eventemitter3 for such a consumer',
      value: (emitter.keptBytesPerEvent * EVENTS) / MIB,
      unit: 'MiB',
    },
    {
      goal: 5,
      what: 'events that are neither delivered, merged nor told as skipped',
      value: beside.emitted - accounted,
      unit: 'events',
      target: atMost(0),
    },
    {
      goal: 5,
      what: 'turn/completed and resynced read afterwards',
      value: Number(stalled.hasEnd) + Number(stalled.isResynced),
      unit: 'of 2',
      target: atLeast(2),
    },
    {
      goal: 5,
      what: 'requests of the stalled client that were answered',
      value: answersMs.length,
      unit: 'requests',
      target: atLeast(1),
    },
    {
      goal: 5,
      what: 'p99 of their answers, the busy event loop included',
      value: quantile(sorted, 0.99),
      unit: 'ms',
    },
  ];
}

function flood(hasStalled: boolean): Promise<FloodRun> {
  return withClient({ model: commandModel(), processes: floodRunner(EVENTS) }, async (client) => {
    const { thread } = await client.request('thread/start', {
      sandbox: 'danger-full-access',
      ephemeral: true,
    });
    const stalled = await client.connect({ clientInfo: CLIENT_INFO });
    if (hasStalled) await stalled.request('thread/resume', { threadId: thread.id });
    const events = stalled.events(); // Opened, so that turns could wait for it if it had started them.
    const view = emptyView();
    const countMerge = ({ connection, method }: Readonly<Record<string, unknown>>): void => {
      if (connection === 1) add(view.merged, String(method), 1);
    };
    client.diagnostics?.on('merge', countMerge);
    globalThis.gc?.();
    const before = process.memoryUsage();
    await client.request('turn/start', { threadId: thread.id, input: [{ type: 'text', text: 'go' }] });
    const asking = askUntil(stalled);
    const fast = await readFast(client, before.rss);
    const answersMs = await asking();
    globalThis.gc?.();
    const heapGrowth = process.memoryUsage().heapUsed - before.heapUsed;
    if (hasStalled) await drain(events, view);
    client.diagnostics?.off('merge', countMerge);
    return {
      heapGrowth,
      rssGrowth: fast.peakRss - before.rss,
      emitted: fast.emitted,
      stalled: hasStalled ? view : undefined,
      answersMs,
    };
  });
}

/** Reads everything up to the end of the turn, and looks at the memory now and then. */
async function readFast(
  client: Client,
  rss: number,
): Promise<{ readonly emitted: number; readonly peakRss: number }> {
  let emitted = 0;
  let peakRss = rss;
  for await (const event of client.events()) {
    if (event.type === 'lagged') throw new Error(`the fast client missed ${event.skipped} events`);
    // What `resume` came too late for.
    if (event.type === 'notification' && event.method !== 'thread/started') emitted += 1;
    if (emitted % 20_000 === 0) peakRss = Math.max(peakRss, process.memoryUsage().rss);
    if (event.type === 'notification' && event.method === 'turn/completed') break;
  }
  return { emitted, peakRss };
}

/** Has the stalled client ask something again and again; the function that comes back ends that and gives the times in ms. */
function askUntil(stalled: Client): () => Promise<readonly number[]> {
  const answersMs: number[] = [];
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const start = performance.now();
      await stalled.request('thread/loaded/list');
      answersMs.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  };
  const asking = ask();
  return async () => {
    isOver = true;
    await asking;
    return answersMs;
  };
}

async function drain(events: AsyncIterableIterator<ClientEvent>, view: ClientView): Promise<void> {
  for await (const event of events) {
    if (event.type === 'lagged') {
      view.skipped += event.skipped;
      for (const [method, count] of Object.entries(event.byMethod)) add(view.skippedByMethod, method, count);
    } else if (event.type === 'resynced') view.isResynced = true;
    else if (event.type === 'notification') {
      add(view.delivered, event.method, 1);
      if (event.method === 'turn/completed') {
        view.hasEnd = true;
        return;
      }
    }
  }
}

function emptyView(): ClientView {
  return {
    delivered: new Map(),
    merged: new Map(),
    skipped: 0,
    skippedByMethod: new Map(),
    hasEnd: false,
    isResynced: false,
  };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
