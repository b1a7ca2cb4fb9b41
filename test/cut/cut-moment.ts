import { readFile } from 'node:fs/promises';
import type { Client } from '@millrace/client';
import { connectUnix, connectWebSocket } from '@millrace/client/remote';
import { spawnAppServer } from '@millrace/client/stdio';
import type { SeededRandom } from '@millrace/testkit';
import { CutCalls, type Settlement } from './cut-calls.js';
import { CUTS, type CuttableSocket } from './cut-connection.js';

/** Milliseconds within which everything has to be over after a cut, on a busy machine too. */
const LIMIT_MS = 10_000;

/** Ways to a server, and what is cut of each. */
export type CutWay = 'child killed' | 'socket cut' | 'server killed';

/** A server that one client of a moment is connected to. */
export interface CutTarget {
  readonly way: CutWay;
  /** The program of a child, with the file that it writes its process id to. */
  readonly child?: { readonly command: string; readonly args: readonly string[]; readonly pidFile: string };
  readonly socket?: CuttableSocket;
  readonly server?: { readonly url: string; kill(): void };
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** False plants a fault: nothing is cut, so everything has to hang. */
  readonly cuts: boolean;
}

/** What one cut showed. */
export interface CutMoment {
  readonly way: CutWay;
  readonly wasConnected: boolean;
  /** Calls that waited when the connection was cut. */
  readonly waiting: number;
  readonly settled: Readonly<Partial<Record<Settlement, number>>>;
  readonly violations: readonly string[];
}

const clientInfo = { name: 'cut', version: '1' };
const say = (text: string) => [{ type: 'text' as const, text }];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets a client work, cuts its connection at a random moment, and looks at what becomes of every call. */
export async function cutOnce(target: CutTarget, random: SeededRandom): Promise<CutMoment> {
  const calls = new CutCalls();
  const cause: { message?: string; count: number } = { count: 0 };
  const isEarly = random.chance(0.15);
  const connecting = connectTo(target);
  calls.add('connect', connecting);
  const client = isEarly ? undefined : await connecting;
  const working = client === undefined ? undefined : work(client, calls, cause, random);
  await pause(random.int(0, isEarly ? 300 : 120));
  const waiting = calls.waiting;
  if (target.cuts) await cut(target, random);
  const isOver = (): boolean => calls.areSettled;
  for (const end = Date.now() + LIMIT_MS; !isOver() && Date.now() < end && target.cuts; ) await pause(5);
  const judged = calls.judge(client === undefined ? undefined : cause.message);
  const violations = judged
    .filter(({ as }) => as === 'hung' || as === 'wrong cause')
    .map(({ name, as, detail }) => `${name}: ${as} (${detail})`);
  if (working !== undefined && target.cuts && cause.count !== 1) {
    violations.push(`the stream told ${cause.count} times of the end`);
  }
  await (await connecting.catch(() => undefined))?.shutdown();
  await working;
  return {
    way: target.way,
    wasConnected: client !== undefined,
    waiting,
    settled: countOf(judged),
    violations,
  };
}

function connectTo({ child, socket, server, env, cwd }: CutTarget): Promise<Client> {
  if (child !== undefined)
    return spawnAppServer({ clientInfo, command: child.command, args: child.args, env, cwd });
  if (socket !== undefined) return connectUnix(socket.path, { clientInfo });
  return connectWebSocket(server?.url ?? '', { clientInfo });
}

async function cut({ child, socket, server }: CutTarget, random: SeededRandom): Promise<void> {
  socket?.cut(random.pick(CUTS));
  server?.kill();
  if (child === undefined) return;
  const pid = Number(await readFile(child.pidFile, 'utf8').catch(() => '0'));
  if (pid > 0) process.kill(pid, 'SIGKILL');
}

/** Asks for much at once: turns that stream and turns that wait, reads, and requests that are never answered before the cut. */
async function work(
  client: Client,
  calls: CutCalls,
  cause: { message?: string; count: number },
  random: SeededRandom,
): Promise<void> {
  const reading = readEvents(client, cause, random);
  const threads = client.startThread().then(async (thread) => {
    const run = thread.run(say(random.pick(['stream 20000', 'run sleep 1000', 'say a\nsleep 600000'])));
    calls.add('run started', run.started);
    calls.add('run completed', run.completed);
    if (random.chance(0.5)) for await (const _event of run) if (random.chance(0.01)) await pause(1);
  });
  calls.add('thread', threads);
  for (let index = random.int(1, 40); index > 0; index -= 1) {
    calls.add('list', client.request('thread/loaded/list'));
    if (random.chance(0.2)) calls.add('models', client.request('model/list'));
    if (random.chance(0.1)) await pause(1);
  }
  const command = { command: ['sleep', '1000'], timeoutMs: 600_000 };
  calls.add('command', client.request('command/exec', command));
  await reading;
}

async function readEvents(
  client: Client,
  cause: { message?: string; count: number },
  random: SeededRandom,
): Promise<void> {
  for await (const event of client.events()) {
    if (event.type === 'disconnected') {
      cause.message = event.message;
      cause.count += 1;
    }
    if (random.chance(0.05)) await pause(1);
  }
}

function countOf(judged: readonly { readonly as: Settlement }[]): Partial<Record<Settlement, number>> {
  const counts: Partial<Record<Settlement, number>> = {};
  for (const { as } of judged) counts[as] = (counts[as] ?? 0) + 1;
  return counts;
}
