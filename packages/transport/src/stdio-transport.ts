import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';
import { LineSplitter } from './line-splitter.js';
import { type Incoming, type MessageTransport, TransportClosedError } from './message-transport.js';

export interface StdioOptions {
  readonly input: Readable;
  readonly output: Writable;
}

/** One JSON value a line, over a pair of streams such as standard input and output. */
export function stdioTransport({ input, output }: StdioOptions): MessageTransport {
  let failure: TransportClosedError | undefined;
  const fail = (cause?: unknown): void => {
    failure ??= new TransportClosedError('the peer is gone', { cause });
  };
  // Without a listener a broken pipe would end the process.
  output.on('error', fail);
  output.on('close', () => fail());
  input.on('error', () => {});

  const write = async (messages: readonly string[]): Promise<void> => {
    if (failure !== undefined) throw failure;
    if (output.write(`${messages.join('\n')}\n`)) return;
    const abort = new AbortController();
    try {
      await Promise.race([
        once(output, 'drain', { signal: abort.signal }),
        once(output, 'close', { signal: abort.signal }),
      ]);
    } catch (error) {
      fail(error);
    } finally {
      abort.abort();
    }
    if (failure !== undefined) throw failure;
  };

  return {
    label: 'stdio',
    incoming: readLines(input),
    write,
    close: async () => {
      input.destroy();
      if (failure === undefined) await new Promise<void>((resolve) => output.write('', () => resolve()));
      fail();
    },
  };
}

async function* readLines(input: Readable): AsyncGenerator<readonly Incoming[], void, void> {
  const splitter = new LineSplitter(LIMITS.lineBytes);
  try {
    for await (const chunk of input) {
      const lines = splitter.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
      if (lines.length > 0) yield lines;
    }
  } catch {
    // The stream broke or was destroyed: for the reader that is its end.
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}
