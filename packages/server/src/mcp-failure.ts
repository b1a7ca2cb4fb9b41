import { McpError } from '@millrace/core/ports';
import { RpcError } from './rpc-error.js';

/** Tells the client why a server did not do what it was asked for, with the code that the server gave. */
export async function orMcpFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    throw new RpcError('failed', error.message, { code: error.code, cause: error });
  }
}

export function unknownMcpServer(name: string): RpcError {
  return new RpcError('failed', `unknown MCP server '${name}'`);
}
