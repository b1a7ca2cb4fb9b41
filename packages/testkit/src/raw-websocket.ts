import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createDeferred } from '@millrace/channel';

/** Where a server listens: a port of this machine, or a unix socket. */
export type RawAddress = { readonly port: number; readonly host?: string } | { readonly path: string };

const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const HEAD_END = '\r\n\r\n';
const FINAL = 0x80;
const MASKED = 0x80;
const SHORT_LENGTH = 126;
const LONG_LENGTH = 127;

/**
 * A peer that says any bytes at all to a server of websockets (RFC 6455), and keeps what comes back. It answers no pings and no
 * leave-taking unless told to.
 */
export class RawWebSocket {
  /** The texts that came. */
  readonly messages: string[] = [];
  /** Pings that came. */
  pings = 0;
  /** How the server took its leave. */
  leave: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: Socket;
  readonly #head = createDeferred<void>();
  readonly #left = createDeferred<void>();
  readonly #closed = createDeferred<void>();
  #response: string | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #onChange: (() => void) | undefined;

  private constructor(address: RawAddress) {
    this.#socket = connect(address).setNoDelay();
    this.#socket.on('error', () => {});
    this.#socket.on('data', (bytes) => this.#take(bytes));
    this.#socket.on('close', () => {
      this.#head.resolve();
      this.#closed.resolve();
      this.#onChange?.();
    });
  }

  /** Connects and says nothing. */
  static connect(address: RawAddress): RawWebSocket {
    return new RawWebSocket(address);
  }

  /** Asks for a websocket; lines of the request replace those of the same name, and an undefined one leaves it out. */
  static async open(
    address: RawAddress,
    headers: Readonly<Record<string, string | undefined>> = {},
    path = '/',
  ): Promise<RawWebSocket> {
    const peer = new RawWebSocket(address);
    const all = {
      Host: 'port' in address ? `127.0.0.1:${address.port}` : 'localhost',
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      ...headers,
    };
    const lines = Object.entries(all).filter(([, value]) => value !== undefined);
    peer.write([`GET ${path} HTTP/1.1`, ...lines.map((line) => line.join(': ')), '', ''].join('\r\n'));
    await peer.answered;
    return peer;
  }

  /** Resolves when the head of an answer came, or the server hung up. */
  get answered(): Promise<void> {
    return this.#head.promise;
  }

  /** Resolves when the server has taken its leave. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  /** Resolves when the connection is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** The HTTP status; 0 when the server hung up without one. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (?<status>\d{3})/.exec(this.#response ?? '')?.groups?.status ?? 0);
  }

  /** The head of the answer, and what followed it where it is no websocket. */
  get response(): string {
    return this.#response ?? '';
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends a text frame. */
  say(text: string): void {
    this.write(rawFrame('text', text));
  }

  /** Stops reading, so that the server can send no more than the pipes between hold. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Hangs up without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * The first text that fits, among those that came and those that will come; undefined when the connection ends without it.
   *
   * @param from How many texts to pass over.
   */
  async until(fits: (text: string) => boolean, from = 0): Promise<string | undefined> {
    for (let index = from; ; index += 1) {
      while (index >= this.messages.length) {
        if (this.isClosed) return undefined;
        await new Promise<void>((resolve) => {
          this.#onChange = resolve;
        });
      }
      const text = this.messages[index];
      if (text !== undefined && fits(text)) return text;
    }
  }

  #take(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    if (this.#response === undefined || this.status !== 101) this.#takeHead();
    if (this.status === 101) while (this.#takeFrame()) this.#onChange?.();
  }

  #takeHead(): void {
    const end = this.#bytes.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#bytes.subarray(0, end).toString();
    const isUpgraded = /^HTTP\/1\.1 101/.test(head);
    this.#response = isUpgraded ? head : this.#bytes.toString();
    if (isUpgraded) this.#bytes = this.#bytes.subarray(end + HEAD_END.length);
    this.#head.resolve();
  }

  /** Takes one whole frame of the server; false when there is none. */
  #takeFrame(): boolean {
    const bytes = this.#bytes;
    const [opcode = 0, short = 0] = bytes;
    const lengthBytes = short === SHORT_LENGTH ? 2 : short === LONG_LENGTH ? 8 : 0;
    const start = 2 + lengthBytes;
    if (bytes.length < start) return false;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? bytes.readUInt16BE(2)
          : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return false;
    this.#bytes = bytes.subarray(start + length);
    this.#onFrame(opcode & 0x0f, bytes.subarray(start, start + length));
    return true;
  }

  #onFrame(opcode: number, payload: Buffer): void {
    if (opcode === OPCODES.text) this.messages.push(payload.toString('utf8'));
    else if (opcode === OPCODES.ping) this.pings += 1;
    else if (opcode === OPCODES.close) {
      this.leave = { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString('utf8') };
      this.#left.resolve();
    }
  }
}

/** A masked frame as clients send it. */
export function rawFrame(
  kind: keyof typeof OPCODES | 'continuation',
  payload: string | Uint8Array,
  options: { readonly isFinal?: boolean; readonly claimedLength?: number } = {},
): Buffer {
  const body = Buffer.from(payload);
  const length = options.claimedLength ?? body.length;
  const mask = randomBytes(4);
  for (const [index, byte] of body.entries()) body[index] = byte ^ (mask[index % 4] ?? 0);
  const opcode = kind === 'continuation' ? 0 : OPCODES[kind];
  const first = (options.isFinal ?? true) ? FINAL | opcode : opcode;
  return Buffer.concat([Buffer.from([first]), lengthField(length), mask, body]);
}

function lengthField(length: number): Buffer {
  if (length < SHORT_LENGTH) return Buffer.from([MASKED | length]);
  const isShort = length < 2 ** 16;
  const field = Buffer.alloc(isShort ? 3 : 9);
  field[0] = MASKED | (isShort ? SHORT_LENGTH : LONG_LENGTH);
  if (isShort) field.writeUInt16BE(length, 1);
  else field.writeBigUInt64BE(BigInt(length), 1);
  return field;
}
