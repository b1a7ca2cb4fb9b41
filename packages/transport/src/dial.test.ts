import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@millrace/channel';
import { expect, onTestFinished, test } from 'vitest';
import { dial } from './dial.js';
import { Listener } from './listener.js';

const options = { clock: systemClock, timeoutMs: 5_000 };

/** The port of a server that upgrades nothing, and answers so instead. */
async function refusingServer(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('whoever dials a name is told the address that has to be dialled instead', async () => {
  const listener = await Listener.open({
    address: { type: 'websocket', host: '127.0.0.1', port: 0 },
    auth: undefined,
    clock: systemClock,
    onPeer: () => {},
  });
  onTestFinished(() => listener.close());
  const port = new URL(listener.url).port;
  await expect(dial({ ...options, url: `ws://localhost:${port}` })).rejects.toThrow(
    `cannot connect to ws://localhost:${port}: the server refused it: 403 Forbidden: Host has to be 127.0.0.1:${port}`,
  );
});

test('a refusal without words, and one that never ends, are told in one short line', async () => {
  const silent = await refusingServer((_request, response) => void response.writeHead(404).end());
  await expect(dial({ ...options, url: `ws://127.0.0.1:${silent}` })).rejects.toThrow(/: 404 Not Found$/);
  const endless = await refusingServer((_request, response) => {
    response.writeHead(500);
    const more = (): boolean => response.write(`\u001b[31m${'x'.repeat(1_000)}`);
    response.on('drain', more);
    more();
  });
  await expect(dial({ ...options, url: `ws://127.0.0.1:${endless}` })).rejects.toThrow(
    /: 500 Internal Server Error: \?\[31mx{195}$/,
  );
});
