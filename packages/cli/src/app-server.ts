import type { Readable, Writable } from 'node:stream';
import { createDeferred, Deadline, systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { type Server, startRuntime } from '@millrace/runtime';
import { type BearerAuth, isLoopback, type ListenAddress, type Listener } from '@millrace/transport';
import type { ConfigOverride } from './config-override.js';
import { Endpoints } from './endpoints.js';
import { ErrorLog } from './error-log.js';
import { type SignalSource, StopSignals } from './stop-signals.js';
import { UsageError } from './user-error.js';
import { readWebSocketAuth, type WebSocketAuthOptions } from './websocket-auth.js';

/** The part of the process that the command needs. */
export interface AppServerProcess extends SignalSource {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** What `millrace app-server` was told on the command line. */
export interface AppServerOptions extends WebSocketAuthOptions {
  /** Where to be reached; standard input and output by default. */
  readonly listen?: readonly ListenAddress[];
  readonly home?: string;
  /** Keys of `config.toml` that count over the file's. */
  readonly config?: ConfigOverride;
  /** Events that may wait for each client; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
  /** True to tell every client the events of the first generation of the protocol too. */
  readonly legacyEvents?: boolean;
  /** Seconds that running turns may go on after the first signal where there are listeners; 600 by default. */
  readonly drainTimeout?: number;
}

const STDIO: readonly ListenAddress[] = [{ type: 'stdio' }];

/**
 * Serves clients wherever it was told to listen.
 *
 * Over standard input and output alone it ends when the client closes its side, or at SIGTERM, SIGINT or SIGHUP: running turns are interrupted,
 * told and saved first, within five seconds; a second signal ends the process at once. With listeners the first signal lets nobody new
 * in and waits for running turns, the second interrupts them, and a third ends the process at once. A
 * SIGHUP counts as a first signal only.
 *
 * @returns The exit code: 0, or 130 by SIGINT. A SIGTERM is how a server is meant to be ended, so it is no failure.
 */
export async function runAppServer(options: AppServerOptions, process: AppServerProcess): Promise<number> {
  const { listen: addresses = STDIO, channelCapacity = LIMITS.channelCapacity } = options;
  const auth = await readWebSocketAuth(options);
  refuseOpenDoors(addresses, auth);
  const log = new ErrorLog(process.stderr, 'millrace app-server: ');
  const server = await startServer(options, log);
  const endpoints = await openEndpoints(server, {
    server,
    addresses,
    auth,
    channelCapacity: Math.max(1, channelCapacity),
    stdio: process,
    log,
  });
  const hasListeners = endpoints.listeners.length > 0;
  const stop = new StopSignals(process, hasListeners ? 2 : 1);
  for (const line of banner(endpoints.listeners, auth !== undefined)) process.stderr.write(`${line}\n`);
  await Promise.race([endpoints.deserted, whenAborted(stop.signal)]);
  if (hasListeners) {
    endpoints.drain();
    log.line('begins no more turns, and waits for those that run; a second signal interrupts them');
    await drain(server, stop.hurry, (options.drainTimeout ?? LIMITS.drainMs / 1_000) * 1_000);
  }
  await server.finishShutdown();
  await endpoints.close();
  const exitCode = stop.exitCode === 130 ? 130 : 0;
  await leaveUnread(process, exitCode);
  stop.close();
  return exitCode;
}

/** Output that nobody reads must not keep the process: after a moment it ends without it (SD-1). */
async function leaveUnread(process: AppServerProcess, exitCode: number): Promise<void> {
  const unread = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  const flushed = Promise.all(unread.map((stream) => new Promise((resolve) => stream.write('', resolve))));
  const outcome = await Deadline.after(systemClock, LIMITS.closeHandshakeMs).race(flushed);
  if (outcome.type === 'expired') process.exit(exitCode);
}

/** @throws {UsageError} for a listener that other machines can reach without a token, and for a token that no listener asks for. */
function refuseOpenDoors(addresses: readonly ListenAddress[], auth: BearerAuth | undefined): void {
  const websockets = addresses.filter((address) => address.type === 'websocket');
  if (auth !== undefined && websockets.length === 0)
    throw new UsageError('--ws-auth counts for ws:// only, and none is listened on');
  for (const { host } of auth === undefined ? websockets : []) {
    if (!isLoopback(host))
      throw new UsageError(`--listen: ${host} can be reached from other machines, which needs --ws-auth`);
  }
}

async function startServer(
  { home, config, legacyEvents = false }: AppServerOptions,
  log: ErrorLog,
): Promise<Server> {
  const server = await startRuntime({
    ...(home === undefined ? {} : { home }),
    ...(config === undefined ? {} : { config }),
    legacyEvents,
  });
  server.diagnostics.on('fault', ({ where, error }) =>
    log.line(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  server.diagnostics.on('letGo', ({ peer }) =>
    log.line(`${peer}: closed, because too much was not read for too long`),
  );
  return server;
}

async function openEndpoints(
  server: Server,
  options: Parameters<typeof Endpoints.open>[0],
): Promise<Endpoints> {
  try {
    return await Endpoints.open(options);
  } catch (error) {
    await server.finishShutdown();
    throw error;
  }
}

/** What whoever starts the server reads: where it is, and who can reach it. */
function banner(listeners: readonly Listener[], hasAuth: boolean): string[] {
  if (listeners.length === 0) return [];
  const urls = listeners.map(({ url }) => url);
  const websockets = urls.filter((url) => url.startsWith('ws:'));
  const http = websockets.map((url) => url.replace(/^ws/, 'http'));
  return [
    'millrace app-server',
    ...urls.map((url) => `  listening on: ${url}`),
    ...http.flatMap((url) => [`  readyz: ${url}/readyz`, `  healthz: ${url}/healthz`]),
    ...(websockets.length > 0 && !hasAuth
      ? [
          '  note: no token is asked for, so every user and program of this machine can connect. Prefer --listen unix://PATH,',
          '        which only you can reach, or ask for a token with --ws-auth.',
        ]
      : []),
  ];
}

async function drain(server: Server, hurry: AbortSignal, timeoutMs: number): Promise<void> {
  await Deadline.after(systemClock, timeoutMs).race(server.drain(hurry));
}

function whenAborted(signal: AbortSignal): Promise<void> {
  const aborted = createDeferred<void>();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  return aborted.promise;
}
