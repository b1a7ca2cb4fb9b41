import type { Readable, Writable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';
import { startRuntime } from '@millrace/runtime';
import { stdioTransport } from '@millrace/transport';
import type { ConfigOverride } from './config-override.js';
import { type SignalSource, StopSignals } from './stop-signals.js';

/** The part of the process that the command needs. */
export interface AppServerProcess extends SignalSource {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** What `millrace app-server` was told on the command line. */
export interface AppServerOptions {
  readonly home?: string;
  /** Keys of `config.toml` that count over the file's. */
  readonly config?: ConfigOverride;
  /** Events that may wait for the client; 128 by default, clamped to at least 1. */
  readonly channelCapacity?: number;
}

/**
 * Serves one client over standard input and output, one JSON object a line. Ends when the client closes its side, or at SIGTERM or
 * SIGINT: running turns are interrupted, told and saved first, within five seconds. A second signal ends the process at once.
 *
 * @returns The exit code: 0, or 130 by SIGINT. A SIGTERM is how a server is meant to be ended, so it is no failure.
 */
export async function runAppServer(options: AppServerOptions, process: AppServerProcess): Promise<number> {
  const log = (text: string): void => void process.stderr.write(`millrace app-server: ${text}\n`);
  const { home, config, channelCapacity = LIMITS.channelCapacity } = options;
  const server = await startRuntime({
    ...(home === undefined ? {} : { home }),
    ...(config === undefined ? {} : { config }),
  });
  server.diagnostics.on('fault', ({ where, error }) =>
    log(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
  const stop = new StopSignals(process);
  stop.signal.addEventListener('abort', () => void server.finishShutdown(), { once: true });
  await server.serve(stdioTransport({ input: process.stdin, output: process.stdout }), {
    channelCapacity: Math.max(1, channelCapacity),
    slowConsumerGraceMs: LIMITS.slowConsumerGraceMs,
    onMalformed: (reason) => log(`ignored: ${reason}`),
  });
  await server.finishShutdown();
  stop.close();
  return stop.exitCode === 130 ? 130 : 0;
}
