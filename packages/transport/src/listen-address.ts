import { isIP, isIPv6 } from 'node:net';

/** Where a server can be reached. */
export type ListenAddress =
  | { readonly type: 'stdio' }
  | { readonly type: 'off' }
  | { readonly type: 'websocket'; readonly host: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string };

const HIGHEST_PORT = 65_535;

/**
 * Reads `stdio://`, `off`, `ws://IP:PORT` or `unix://PATH`; undefined for anything else. Port 0 lets the system choose. A host name is
 * nothing to listen on: which address it means may change.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === 'stdio://') return { type: 'stdio' };
  if (text === 'off') return { type: 'off' };
  const path = /^unix:\/\/(?<path>[^\0]+)$/.exec(text)?.groups?.path;
  if (path !== undefined) return { type: 'unix', path };
  const { v6, v4, port } =
    /^ws:\/\/(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+)):(?<port>\d{1,5})\/?$/.exec(text)?.groups ?? {};
  const host = v6 ?? v4 ?? '';
  if (isIP(host) !== (v6 === undefined ? 4 : 6) || Number(port) > HIGHEST_PORT) return undefined;
  return { type: 'websocket', host, port: Number(port) };
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** An address with its port, as it stands in a URL or a `Host` header. */
export function hostLiteral(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
