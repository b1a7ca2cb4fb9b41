import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** How a connection is lost. */
export const CUTS = ['closed', 'lost', 'closed by the server', 'cut in a frame'] as const;
export type Cut = (typeof CUTS)[number];

/** A unix socket in front of a server's, that can lose its connections. */
export class CuttableSocket {
  readonly path: string;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  static async open(path: string, target: string): Promise<CuttableSocket> {
    const server = createServer();
    const socket = new CuttableSocket(path, server);
    server.on('connection', (client) => socket.#join(client, connect(target)));
    server.listen(path);
    await once(server, 'listening');
    return socket;
  }

  /** Loses every connection that is there now. */
  cut(how: Cut): void {
    for (const [client, server] of this.#pairs) {
      if (how === 'cut in a frame') client.write(Buffer.from([0x81, 0x7e, 0x10, 0x00, 0x7b])); // 4,096 bytes are announced.
      if (how === 'closed by the server') client.end();
      else if (how === 'lost') client.destroy();
      else client.destroySoon();
      server.destroy();
    }
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.pipe(to);
      from.on('error', () => {}); // Both sides are ended below, whatever happened.
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
  }
}
