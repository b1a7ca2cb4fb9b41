import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { createBirpc } from 'birpc';
import { JSONRPCClient, JSONRPCServer } from 'json-rpc-2.0';
import { ANSWER, type RequestPeer } from './request-peer.js';

/** json-rpc-2.0 with the server called directly, as its documentation wires a transport; no JSON text in between. */
export function jsonRpcPeer(): RequestPeer {
  const server = new JSONRPCServer();
  server.addMethod('read', () => ANSWER);
  const client: JSONRPCClient = new JSONRPCClient(async (request) => {
    const response = await server.receive(request);
    if (response !== null) client.receive(response);
  });
  return { name: 'json-rpc-2.0', request: async () => client.request('read', {}), close: async () => {} };
}

/** birpc over two functions that hand the message over as it is. */
export function birpcPeer(): RequestPeer {
  const listeners = new Map<string, (message: unknown) => void>();
  const end = (own: string, other: string) => ({
    post: (message: unknown) => listeners.get(other)?.(message),
    on: (listener: (message: unknown) => void) => void listeners.set(own, listener),
  });
  const functions = { read: (_params: object) => ANSWER };
  createBirpc<object, typeof functions>(functions, end('server', 'client'));
  const client = createBirpc<typeof functions>({}, end('client', 'server'));
  return { name: 'birpc', request: () => client.read({}), close: async () => client.$close() };
}

/** The Model Context Protocol's own in-memory transport with its smallest request. */
export async function mcpPeer(): Promise<RequestPeer> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: 'bench', version: '1' }, { capabilities: {} });
  const client = new Client({ name: 'bench', version: '1' });
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return { name: 'MCP in memory', request: () => client.ping(), close: () => client.close() };
}
