import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

export interface SocketPaths {
  readonly path: string;
  /** In a directory that the sandbox may write. */
  readonly pathInRoot: string;
  /** The name of a socket that has no path. */
  readonly abstract: string;
}

/** What listens outside the sandbox, and counts who came. */
export class Services {
  readonly path: string;
  readonly pathInRoot: string;
  readonly abstract: string;
  tcp = 0;
  udp = 0;
  /** A TCP port on which nothing listens. */
  freePort = 0;
  #visits = 0;
  #hasReached = false;
  readonly #servers: Server[] = [];
  readonly #datagrams: Socket = createSocket('udp4');

  private constructor(paths: SocketPaths) {
    this.path = paths.path;
    this.pathInRoot = paths.pathInRoot;
    this.abstract = paths.abstract;
  }

  static async start(paths: SocketPaths): Promise<Services> {
    const services = new Services(paths);
    services.freePort = await services.#freePort();
    services.tcp = await services.#listen({ port: 0, host: '127.0.0.1' });
    for (const path of [paths.path, paths.pathInRoot, `\0${paths.abstract}`])
      await services.#listen({ path });
    services.#datagrams.on('message', () => {
      services.#visits += 1;
    });
    services.#datagrams.bind(0, '127.0.0.1');
    await once(services.#datagrams, 'listening');
    services.udp = services.#datagrams.address().port;
    return services;
  }

  visits(): number {
    return this.#visits;
  }

  /** True once somebody outside could connect to {@link freePort}. */
  hasReached(): boolean {
    return this.#hasReached;
  }

  /** Tries to connect to {@link freePort} until that works or the time is over. */
  async reach(over: AbortSignal): Promise<void> {
    while (!over.aborted && !this.#hasReached) {
      const socket = connect(this.freePort, '127.0.0.1');
      this.#hasReached = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      socket.destroy();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#datagrams.close();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  async #listen(
    where: { readonly port: number; readonly host: string } | { readonly path: string },
  ): Promise<number> {
    const server = createServer((socket) => {
      this.#visits += 1;
      socket.on('error', () => {});
      socket.end('reached');
    });
    this.#servers.push(server);
    server.listen(where);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async #freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
}
