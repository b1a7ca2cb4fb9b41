import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { onTestFinished } from 'vitest';
import { createProbeServer } from './probe-server.js';

export interface HttpProbe {
  readonly url: string;
  /** The headers of every request so far. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** How often a client said that it leaves. */
  readonly farewells: () => number;
}

/** The probe over streamable HTTP on 127.0.0.1, for one client. Ended with the test. */
export async function startHttpProbe(): Promise<HttpProbe> {
  const headers: IncomingHttpHeaders[] = [];
  let farewells = 0;
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  const probe = createProbeServer();
  // The library's own types disagree about absent callbacks.
  await probe.connect(transport as Parameters<typeof probe.connect>[0]);
  const server = createServer((request, response) => {
    headers.push(request.headers);
    if (request.method === 'DELETE') farewells += 1;
    transport.handleRequest(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await probe.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, headers, farewells: () => farewells };
}
