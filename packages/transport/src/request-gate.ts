import type { IncomingMessage } from 'node:http';
import { hostLiteral } from './listen-address.js';

/** What an HTTP request is answered with instead of a connection. */
export interface HttpAnswer {
  readonly status: number;
  /** Plain text for the person who looks into it; may be empty. */
  readonly text: string;
}

const HTTP_PORT = 80;

/**
 * What keeps a request out before anything else of it counts; undefined when nothing does.
 *
 * A browser sends `Origin` with every websocket and this server has no pages, so whoever sends one was led here by somebody else's page.
 * A `Host` that is not the address which the connection came to was made by DNS rebinding. A unix socket has no address to compare.
 */
export function refuseStranger(request: IncomingMessage): HttpAnswer | undefined {
  if (request.headersDistinct.origin !== undefined) return { status: 403, text: '' };
  const { localAddress, localPort } = request.socket;
  if (localAddress === undefined || localPort === undefined) return undefined;
  // An IPv4 address that came to an IPv6 socket.
  const own = hostLiteral(localAddress.replace(/^::ffff:(?=\d+\.)/, ''), localPort);
  const hosts = request.headersDistinct.host ?? [];
  const isOwn = hosts.length === 1 && (hosts[0] === own || isDefaultPort(hosts[0], own, localPort));
  return isOwn ? undefined : { status: 403, text: `Host has to be ${own}` };
}

/** Clients leave the default port out. */
function isDefaultPort(host: string | undefined, own: string, port: number): boolean {
  return port === HTTP_PORT && `${host}:${port}` === own;
}
