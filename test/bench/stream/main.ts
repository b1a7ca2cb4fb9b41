/**
 * Measures a turn of 10,000 deltas from the request to `turn/completed`, end to end: a model over HTTP, the server, its transport, and our
 * client.
 *
 *     npm run bench:stream -- [--peer DIR] [--rounds N] [--json]
 *
 * `--peer` names a folder with the published reference server, or one for it to be installed into (400 MB); it is then measured in the
 * same run, turn by turn in alternation, with the same model and the same client. What is in process is compared with the reference
 * server over stdio. Exit code 0 whatever was reached.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LIMITS } from '@millrace/protocol';
import { installReferenceServer } from '../../conformance/reference-server.js';
import { median, quantile } from '../quantile.js';
import { type Contender, Contenders, type ServerCommand } from './contender.js';
import { DELTA, DELTAS } from './delta-model.js';

const RIVAL = 'reference server';

/** Rounds that are not counted: until then code is compiled. */
const WARM_UP_ROUNDS = 3;

/** Room for all deltas: then each comes in a notification of its own, as from the reference server. */
const NOTHING_JOINED = 16_384;

const MILLRACE: readonly [string, ...string[]] = [
  process.execPath,
  resolve('packages/cli/dist/main.js'),
  'app-server',
];

const OURS: readonly ServerCommand[] = [
  {
    name: 'Millrace',
    argv: MILLRACE,
    homeVariable: 'MILLRACE_HOME',
    channelCapacity: LIMITS.channelCapacity,
  },
  {
    name: 'Millrace, no delta joined to another',
    argv: [...MILLRACE, '--channel-capacity', String(NOTHING_JOINED)],
    homeVariable: 'MILLRACE_HOME',
    channelCapacity: NOTHING_JOINED,
  },
];

interface Samples {
  readonly contender: Contender;
  /** Milliseconds of each counted turn. */
  readonly times: number[];
  /** Notifications in which the deltas of the last turn came: as many as deltas, unless they were joined on the way. */
  events: number;
}

const options = {
  peer: { type: 'string' },
  rounds: { type: 'string', default: '15' },
  json: { type: 'boolean', default: false },
} as const;
const { peer, rounds, json } = parseArgs({ options }).values;

const root = mkdtempSync(join(tmpdir(), 'millrace-stream-'));
const model = fork(fileURLToPath(new URL('./delta-model.ts', import.meta.url)));
const opened: Contender[] = [];
try {
  await open(new Contenders(root, await addressOf(model)));
  const samples = opened.map((contender): Samples => ({ contender, times: [], events: 0 }));
  for (let round = -WARM_UP_ROUNDS; round < Number(rounds); round += 1) {
    for (const each of samples) await measure(each, round >= 0);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  const rows = samples.map((each) => rowOf(each, samples));
  if (json) console.log(JSON.stringify(rows, undefined, 2));
  else console.table(rows);
} finally {
  await Promise.all(opened.map((contender) => contender.close()));
  model.disconnect();
  rmSync(root, { recursive: true, force: true });
}

async function open(contenders: Contenders): Promise<void> {
  for (const command of OURS) opened.push(await contenders.inProcess(command));
  for (const command of peer === undefined ? OURS : [...OURS, theirs(peer)]) {
    opened.push(await contenders.overStdio(command));
    opened.push(await contenders.overWebSocket(command));
  }
}

function theirs(directory: string): ServerCommand {
  const { command } = installReferenceServer(resolve(directory));
  return { name: RIVAL, argv: command, homeVariable: 'CODEX_HOME', channelCapacity: LIMITS.channelCapacity };
}

async function addressOf(child: ChildProcess): Promise<string> {
  const [address] = await once(child, 'message');
  return String(address);
}

/** One turn in a fresh thread, so that no round carries the history of those before it. */
async function measure(samples: Samples, isCounted: boolean): Promise<void> {
  const { client } = samples.contender;
  const { thread } = await client.request('thread/start', {});
  const start = performance.now();
  const run = client.runTurn({ threadId: thread.id, input: [{ type: 'text', text: 'stream' }] });
  let [events, length] = [0, 0];
  for await (const event of run) {
    if (event.type !== 'notification' || event.method !== 'item/agentMessage/delta') continue;
    events += 1;
    length += event.params.delta.length;
  }
  const time = performance.now() - start;
  const { status } = await run.completed;
  if (status !== 'completed' || length !== DELTAS * DELTA.length)
    throw new Error(`${samples.contender.name}: ${length} characters came, and the turn ${status}`);
  await client.request('thread/unsubscribe', { threadId: thread.id });
  samples.events = events;
  if (isCounted) samples.times.push(time);
}

function rowOf({ contender, times, events }: Samples, all: readonly Samples[]) {
  const { name, transport } = contender;
  const like = transport === 'in process' ? 'stdio' : transport;
  const rival = all.find((other) => other.contender.name === RIVAL && other.contender.transport === like);
  // Of pairs of the same round, so that a slow moment of the machine meets both.
  const ratios = times.map((time, round) => (rival?.times[round] ?? Number.NaN) / time);
  return {
    server: name,
    transport,
    'deltas/s': Math.round((DELTAS / median(times)) * 1_000),
    'ms p50': Number(median(times).toFixed(1)),
    'ms p90': Number(quantile([...times], 0.9).toFixed(1)),
    notifications: events,
    'times as fast': rival === undefined ? null : Number(median(ratios).toFixed(2)),
  };
}
