import { type RawAddress, RawWebSocket } from '@millrace/testkit';
import type { Line } from './app-server-process.js';

/** A client of a server in another process, over a websocket whose every byte is the test's. */
export class WebSocketClient {
  readonly peer: RawWebSocket;
  #nextId = 1;

  private constructor(peer: RawWebSocket) {
    this.peer = peer;
  }

  /** Connects and does the handshake. */
  static async connect(to: number | RawAddress, name = 'e2e'): Promise<WebSocketClient> {
    const address = typeof to === 'number' ? { port: to } : to;
    const client = new WebSocketClient(await RawWebSocket.open(address));
    await client.ask('initialize', { clientInfo: { name, version: '1' } });
    return client;
  }

  /** Everything that the server has said. */
  get lines(): readonly Line[] {
    return this.peer.messages.map((text) => JSON.parse(text) as Line);
  }

  say(message: unknown): void {
    this.peer.say(JSON.stringify(message));
  }

  /** Asks and returns the result. */
  async ask<R>(method: string, params: unknown = {}): Promise<R> {
    const id = `ask-${this.#nextId++}`;
    const from = this.peer.messages.length;
    this.say({ id, method, params });
    const { result, error } = await this.until((line) => line.id === id && line.method === undefined, from);
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result as R;
  }

  /** Begins a thread that may do everything, and returns its id. */
  async startThread(cwd: string): Promise<string> {
    const params = { cwd, sandbox: 'danger-full-access', approvalPolicy: 'never' };
    const { thread } = await this.ask<{ readonly thread: { readonly id: string } }>('thread/start', params);
    return thread.id;
  }

  async startTurn(threadId: string, text: string): Promise<void> {
    await this.ask('turn/start', { threadId, input: [{ type: 'text', text }] });
  }

  /**
   * The first line that fits, among those that came and those that will come. Rejects when the connection ends without it.
   *
   * @param from How many lines to pass over.
   */
  async until(fits: (line: Line) => boolean, from = 0): Promise<Line> {
    const text = await this.peer.until((candidate) => fits(JSON.parse(candidate) as Line), from);
    if (text === undefined) throw new Error('the connection ended');
    return JSON.parse(text) as Line;
  }
}
