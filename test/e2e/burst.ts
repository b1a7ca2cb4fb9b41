import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RPC_ERROR_CODES } from '@millrace/protocol';
import { AppServerProcess, type Line } from './app-server-process.js';
import { WebSocketClient } from './websocket-client.js';

/** What the ids of a burst begin with. */
const PREFIX = 'burst-';
const METHODS = ['thread/loaded/list', 'config/read', 'thread/list', 'model/list', 'no/such/method'];

/** How a burst reaches the server. */
export type BurstWay = 'standard input and output' | 'a websocket' | 'a unix socket';

/** What came of a burst. */
export interface BurstFigures {
  /** Requests that were answered exactly once, with a result or any error. */
  readonly answeredOnce: number;
  /** Of these: refused because too much waited. */
  readonly refused: number;
  /** Of these: the answer says that the request may be tried again, and when. */
  readonly retryable: number;
  /** From the first byte to the last answer, while nothing is read before everything is sent. */
  readonly durationMs: number;
  /** The most memory that the server held. */
  readonly peakBytes: number;
  /** The exit code of the server, and the signal that ended it. */
  readonly end: readonly unknown[];
}

/** Sends so many requests at once to a server of its own, whose answers are read late; over a socket another client is served meanwhile. */
export async function runBurst(way: BurstWay, count: number): Promise<BurstFigures> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-burst-'));
  try {
    return await (way === 'standard input and output'
      ? overPipes(home, count)
      : overSocket(way, home, count));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function overPipes(home: string, count: number): Promise<BurstFigures> {
  const server = await AppServerProcess.start(home);
  const start = performance.now();
  server.setReading(false);
  server.write(`${requests(count).join('\n')}\n`);
  server.setReading(true);
  await allAnswered(count, (fits) => server.until(fits));
  const durationMs = performance.now() - start;
  const peakBytes = await server.peakBytes();
  const end = await server.end('close');
  return { ...countAnswers(server.lines, count), durationMs, peakBytes, end };
}

async function overSocket(way: BurstWay, home: string, count: number): Promise<BurstFigures> {
  const path = join(home, 'run', 's.sock');
  const server = new AppServerProcess(
    home,
    '--listen',
    way === 'a unix socket' ? `unix://${path}` : 'ws://127.0.0.1:0',
  );
  const address = way === 'a unix socket' ? await server.socket(path) : { port: await server.port() };
  const [busy, other] = [await WebSocketClient.connect(address), await WebSocketClient.connect(address)];
  const start = performance.now();
  busy.peer.pause();
  for (const text of requests(count)) busy.peer.say(text);
  await other.ask('thread/loaded/list');
  busy.peer.resume();
  await allAnswered(count, (fits) => busy.until(fits));
  const durationMs = performance.now() - start;
  const peakBytes = await server.peakBytes();
  const end = await server.end('SIGTERM');
  return { ...countAnswers(busy.lines, count), durationMs, peakBytes, end };
}

function requests(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `${PREFIX}${index}`, method: METHODS[index % METHODS.length], params: {} }),
  );
}

async function allAnswered(
  count: number,
  until: (fits: (line: Line) => boolean) => Promise<Line>,
): Promise<void> {
  let unanswered = count;
  await until((line) => {
    if (isAnswer(line)) unanswered -= 1;
    return unanswered === 0;
  });
}

/** Whether a line answers one of the burst; a client asks other things besides. */
function isAnswer({ id, method }: Line): boolean {
  return String(id).startsWith(PREFIX) && method === undefined;
}

function countAnswers(lines: readonly Line[], count: number) {
  const times = new Uint8Array(count);
  let refused = 0;
  let retryable = 0;
  for (const line of lines.filter(isAnswer)) {
    const index = Number(String(line.id).slice(PREFIX.length));
    times[index] = (times[index] ?? 0) + 1;
    const { code, data } = (line.error ?? {}) as { readonly code?: number; readonly data?: Retry };
    if (code !== RPC_ERROR_CODES.overloaded) continue;
    refused += 1;
    if (data?.retryable === true && typeof data.retryAfterMs === 'number') retryable += 1;
  }
  return { answeredOnce: times.filter((answers) => answers === 1).length, refused, retryable };
}

interface Retry {
  readonly retryable?: unknown;
  readonly retryAfterMs?: unknown;
}
