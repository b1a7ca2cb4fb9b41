import { LIMITS } from '@millrace/protocol';
import { startRuntime } from '@millrace/runtime';
import { stdioTransport } from '@millrace/transport';

/** The part of the process that the command needs. */
export interface AppServerProcess {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

export interface AppServerOptions {
  readonly home?: string;
  /** Events that may wait for the client. */
  readonly channelCapacity?: number;
}

/**
 * Serves one client over standard input and output, one JSON object a line. Ends when the client closes its side, or at SIGTERM or
 * SIGINT: running turns are interrupted, told and saved first.
 *
 * @returns The exit code.
 */
export async function runAppServer(options: AppServerOptions, process: AppServerProcess): Promise<number> {
  const log = (text: string): void => void process.stderr.write(`millrace app-server: ${text}\n`);
  const server = await startRuntime(options.home === undefined ? {} : { home: options.home });
  server.diagnostics.on('fault', ({ where, error }) => log(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
  let exitCode = 0;
  const stop = (code: number): void => {
    exitCode = code;
    void server.finishShutdown();
  };
  process.once('SIGTERM', () => stop(0));
  process.once('SIGINT', () => stop(130));
  await server.serve(stdioTransport({ input: process.stdin, output: process.stdout }), {
    channelCapacity: options.channelCapacity ?? LIMITS.channelCapacity,
    slowConsumerGraceMs: LIMITS.slowConsumerGraceMs,
    onMalformed: (reason) => log(`ignored: ${reason}`),
  });
  await server.finishShutdown();
  return exitCode;
}
