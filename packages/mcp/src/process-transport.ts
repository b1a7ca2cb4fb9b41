import { sleep } from '@millrace/channel';
import type { ClientProcess, Clock } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { LineReader } from './line-reader.js';

/** A server that is a child process: one JSON message a line on its standard input and output. */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #start: () => Promise<ClientProcess>;
  readonly #clock: Clock;
  #process: ClientProcess | undefined;
  #closing: Promise<void> | undefined;

  /** @param start Starts the process; called once. */
  constructor(start: () => Promise<ClientProcess>, clock: Clock) {
    this.#start = start;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    const process = await this.#start();
    this.#process = process;
    if (this.#closing !== undefined) return process.kill();
    void this.#read(process);
    void drain(process.errors);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#process === undefined) throw new Error('the server has not been started');
    await this.#process.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  /** Ends the input, which tells a server to leave, and kills the process group of one that stays. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    process.endInput();
    const waiting = new AbortController();
    const grace = sleep(this.#clock, LIMITS.mcpCloseGraceMs, waiting.signal).catch(() => undefined);
    await Promise.race([process.exited, grace]);
    waiting.abort();
    await process.kill();
  }

  /** Reads to the end. A line that is no JSON is a server that prints where it should not: it is skipped. */
  async #read(process: ClientProcess): Promise<void> {
    const lines = new LineReader(LIMITS.mcpMessageBytes);
    try {
      for await (const chunk of process.output) {
        for (const line of lines.push(chunk)) {
          this.#receive(line);
          // The library hears a notification one tick later than a response: without this the progress of a call came after its result.
          await Promise.resolve();
        }
      }
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
    await this.close();
    this.onclose?.();
  }

  #receive(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    this.onmessage?.(message);
  }
}

/** What a server says on its error stream is for nobody; unread it would stop the server. */
async function drain(errors: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of errors);
  } catch {
    // The stream broke with its process.
  }
}
