import { isAbsolute, resolve } from 'node:path';
import { McpError, type McpServerConfig, type McpTransport, SpawnError } from '@millrace/core/ports';
import type { Transport } from '@modelcontextprotocol/client';
import { boundedFetch } from './bounded-fetch.js';
import type { McpLauncherOptions } from './client-launcher.js';
import { ProcessTransport } from './process-transport.js';
import { serverEnvironment } from './server-environment.js';

type Library = typeof import('@modelcontextprotocol/client');
type Environment = McpLauncherOptions['environment'];

export interface TransportHost {
  /** Absolute: where a server works that has no directory of its own. */
  readonly cwd: string;
  readonly library: Library;
  /** A message over HTTP was larger than the limit. */
  readonly onTooLarge: () => void;
}

/**
 * The way to a server. Nothing is started or reached before the transport is.
 *
 * @throws {McpError} where the configuration names a variable that is not set.
 */
export function serverTransport(
  { name, transport }: McpServerConfig,
  { cwd, library, onTooLarge }: TransportHost,
  options: McpLauncherOptions,
): Transport {
  if (transport.type === 'stdio') return processTransport(transport, cwd, options);
  const headers = httpHeaders(name, transport, options.environment);
  return new library.StreamableHTTPClientTransport(new URL(transport.url), {
    requestInit: { headers },
    fetch: boundedFetch(onTooLarge),
  });
}

function processTransport(
  transport: Extract<McpTransport, { readonly type: 'stdio' }>,
  cwd: string,
  { environment, processes, clock }: McpLauncherOptions,
): Transport {
  const { command, args } = transport;
  const own = transport.cwd ?? cwd;
  const start = () =>
    processes.spawn({
      argv: [command, ...args],
      cwd: isAbsolute(own) ? own : resolve(cwd, own),
      env: serverEnvironment(environment, transport),
      terminal: null,
      input: 'open',
      streams: 'separate',
      sandbox: null,
    });
  return new ProcessTransport(() => start().catch(explain), clock);
}

function explain(error: unknown): never {
  const isMissing =
    error instanceof SpawnError && (error.code === 'notFound' || error.code === 'badWorkingDirectory');
  if (isMissing) throw new McpError('No such file or directory (os error 2)', { cause: error });
  throw error;
}

function httpHeaders(
  name: string,
  { bearerTokenVariable, headers, variableHeaders }: Extract<McpTransport, { readonly type: 'http' }>,
  environment: Environment,
): Record<string, string> {
  const read = (variable: string): string => {
    const value = environment[variable];
    if (value === undefined || value === '')
      throw new McpError(`Environment variable ${variable} for MCP server '${name}' is not set`);
    return value;
  };
  const fromVariables = [...variableHeaders].map(([header, variable]) => [header, read(variable)]);
  const bearer =
    bearerTokenVariable === null ? [] : [['authorization', `Bearer ${read(bearerTokenVariable)}`]];
  return Object.fromEntries([...headers, ...fromVariables, ...bearer]);
}
