import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@millrace/testkit';
import { ListeningServer } from '../clients/listening-server.js';
import { survivorsOf, WORLD_VARIABLE } from '../crash/world-processes.js';
import type { Settlement } from './cut-calls.js';
import { CuttableSocket } from './cut-connection.js';
import { type CutMoment, type CutTarget, cutOnce } from './cut-moment.js';

export interface CutOptions {
  readonly times: number;
  readonly seed: number;
  /** The program of a server and its first arguments. */
  readonly program: readonly [string, ...string[]];
  /** False plants a fault: nothing is cut. */
  readonly cuts?: boolean;
}

/** What all the cuts showed. */
export interface CutReport {
  readonly seed: number;
  readonly times: number;
  readonly ways: Readonly<Record<string, number>>;
  /** Cuts before the connection was made. */
  readonly early: number;
  /** Calls that waited when their connection was cut. */
  readonly waiting: number;
  readonly settled: Readonly<Record<Settlement, number>>;
  /** Processes that were left, by their command lines. */
  readonly left: readonly string[];
  readonly violations: readonly string[];
  readonly durationMs: number;
}

/** Cuts connections at seeded moments, and looks at what becomes of every call and every process. */
export async function runCuts({ times, seed, program, cuts = true }: CutOptions): Promise<CutReport> {
  const startedMs = performance.now();
  const world = randomUUID();
  const home = await mkdtemp(join(tmpdir(), 'millrace-cut-'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    SHELL: '/bin/sh',
    MILLRACE_HOME: home,
    [WORLD_VARIABLE]: world,
  };
  const [command, ...args] = program;
  const lasting = await ListeningServer.run({
    command,
    args: [...args, '--listen', `unix://${home}/run/lasting.sock`],
    env,
  });
  const socket = await CuttableSocket.open(join(home, 'cut.sock'), `${home}/run/lasting.sock`);
  const moments: { readonly seed: number; readonly moment: CutMoment }[] = [];
  try {
    for (let index = 0; index < times; index += 1) {
      const random = new SeededRandom(seed + index);
      const base = { env, cwd: home, cuts };
      moments.push({
        seed: seed + index,
        moment: await atMoment(index, { ...base, socket }, program, random),
      });
    }
  } finally {
    await socket.close();
    await lasting.end('SIGKILL');
  }
  const left = (await survivorsOf(world)).map(({ commandLine }) => commandLine);
  await rm(home, { recursive: true, force: true });
  return { ...summary(moments), seed, times, left, durationMs: performance.now() - startedMs };
}

/** One in four is a child that is killed, one in ten a server that listens on a websocket. */
async function atMoment(
  index: number,
  base: Omit<CutTarget, 'way'> & { readonly socket: CuttableSocket },
  [command, ...args]: readonly [string, ...string[]],
  random: SeededRandom,
): Promise<CutMoment> {
  const { socket, ...target } = base;
  const { env, cwd } = target;
  if (index % 4 === 0) {
    const pidFile = join(cwd, `child-${index}.pid`);
    const shell = ['-c', 'echo $$ > "$0"; exec "$@"', pidFile, command, ...args];
    return cutOnce(
      { ...target, way: 'child killed', child: { command: '/bin/sh', args: shell, pidFile } },
      random,
    );
  }
  if (index % 10 === 1) {
    const server = await ListeningServer.run({
      command,
      args: [...args, '--listen', 'ws://127.0.0.1:0'],
      env,
    });
    const kill = (): void => void server.end('SIGKILL');
    try {
      return await cutOnce({ ...target, way: 'server killed', server: { url: server.url, kill } }, random);
    } finally {
      await server.end('SIGKILL');
    }
  }
  return cutOnce({ ...target, way: 'socket cut', socket }, random);
}

function summary(
  moments: readonly { readonly seed: number; readonly moment: CutMoment }[],
): Pick<CutReport, 'ways' | 'early' | 'waiting' | 'settled' | 'violations'> {
  const ways: Record<string, number> = {};
  const settled = { answered: 0, 'told of the cut': 0, 'not taken': 0, 'wrong cause': 0, hung: 0 };
  for (const { moment } of moments) {
    ways[moment.way] = (ways[moment.way] ?? 0) + 1;
    for (const [as, count] of Object.entries(moment.settled)) settled[as as Settlement] += count;
  }
  return {
    ways,
    settled,
    early: moments.filter(({ moment }) => !moment.wasConnected).length,
    waiting: moments.reduce((sum, { moment }) => sum + moment.waiting, 0),
    violations: moments.flatMap(({ seed, moment }) =>
      moment.violations.map((each) => `seed ${seed}, ${moment.way}: ${each}`),
    ),
  };
}
