import { PassThrough } from 'node:stream';
import type { Server } from '@millrace/runtime';
import { stdioTransport } from '@millrace/transport';

export interface WirePeerOptions {
  readonly channelCapacity?: number;
  readonly slowConsumerGraceMs?: number;
  /** True when nothing is read of what the server writes, before {@link WirePeer.readOn}. */
  readonly isStalled?: boolean;
}

/** A message of the server, with the text that it came as. */
export interface Line {
  readonly text: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client at the other end of a pair of byte streams. It says any bytes, and keeps every line of the server. */
export class WirePeer {
  readonly lines: Line[] = [];
  /** What the server could not understand. */
  readonly malformed: string[] = [];
  /** Settles when the server has let go of this peer. */
  readonly served: Promise<void>;
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  #rest = '';
  #onLine: (() => void) | undefined;

  constructor(server: Server, options: WirePeerOptions = {}) {
    const { channelCapacity = 128, slowConsumerGraceMs = 2_000, isStalled = false } = options;
    this.served = server.serve(stdioTransport({ input: this.#input, output: this.#output }), {
      channelCapacity,
      slowConsumerGraceMs,
      onMalformed: (reason) => this.malformed.push(reason),
    });
    if (!isStalled) this.readOn();
  }

  /** Attaches and does the handshake. */
  static async connect(
    server: Server,
    options: WirePeerOptions & { readonly capabilities?: unknown } = {},
  ): Promise<WirePeer> {
    const peer = new WirePeer(server, options);
    const { capabilities = {} } = options;
    peer.say({
      id: 'initialize',
      method: 'initialize',
      params: { clientInfo: { name: 'wire', version: '1' }, capabilities },
    });
    await peer.until((line) => line.id === 'initialize');
    return peer;
  }

  /** Begins to read what the server writes. */
  readOn(): void {
    this.#output.setEncoding('utf8');
    this.#output.on('data', (text: string) => this.#take(text));
  }

  say(message: unknown): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  write(bytes: string | Uint8Array): void {
    this.#input.write(bytes);
  }

  /** Ends the input, as a client does that leaves. */
  end(): void {
    this.#input.end();
  }

  /** The first line that fits, among those that came and those that will come. */
  async until(fits: (line: Line) => boolean): Promise<Line> {
    for (let index = 0; ; index += 1) {
      while (index >= this.lines.length) {
        await new Promise<void>((resolve) => {
          this.#onLine = resolve;
        });
      }
      const line = this.lines[index];
      if (line !== undefined && fits(line)) return line;
    }
  }

  /** Asks and waits for the answer. */
  async ask(id: number | string, method: string, params: unknown = {}): Promise<Line> {
    this.say({ id, method, params });
    return this.until((line) => line.id === id && line.method === undefined);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.lines.push({ text: line, ...(JSON.parse(line) as object) });
    this.#onLine?.();
  }
}
