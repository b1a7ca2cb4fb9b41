import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RPC_ERROR_CODES } from '@millrace/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppServerProcess, type Line } from './app-server-process.js';
import { WebSocketClient } from './websocket-client.js';

const LISTEN = ['--listen', 'ws://127.0.0.1:0'];
const METHODS = ['thread/loaded/list', 'config/read', 'thread/list', 'model/list', 'no/such/method'];

async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-burst-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

function burst(count: number): string[] {
  return Array.from({ length: count }, (_, id) =>
    JSON.stringify({ id, method: METHODS[id % METHODS.length], params: {} }),
  );
}

/** Every id is answered once; what was refused says that it may be tried again. */
function checkAnswers(lines: readonly Line[], count: number): void {
  const times = new Uint8Array(count);
  for (const line of lines) {
    if (typeof line.id !== 'number' || line.method !== undefined) continue;
    times[line.id] = (times[line.id] ?? 0) + 1;
    const error = line.error as { readonly code: number; readonly data?: unknown } | undefined;
    if (error?.code === RPC_ERROR_CODES.overloaded)
      expect(error.data).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
  }
  expect(times.every((answers) => answers === 1)).toBe(true);
}

describe.each([1_000, 20_000])('a burst of %i requests that nobody waits for', (count) => {
  it('is answered over standard input and output, every one, even when answers are read late (RQ-1)', async () => {
    const server = new AppServerProcess(await temporaryHome());
    server.write(
      `${JSON.stringify({ id: 'i', method: 'initialize', params: { clientInfo: { name: 'e2e', version: '1' } } })}\n`,
    );
    await server.until((line) => line.id === 'i');
    server.setReading(false);
    server.write(`${burst(count).join('\n')}\n`);
    server.write(`${JSON.stringify({ id: 'last', method: 'thread/loaded/list', params: {} })}\n`);
    server.setReading(true);
    await server.until((line) => line.id === 'last');
    await expect(server.end('close')).resolves.toEqual([0, null]);
    checkAnswers(server.lines, count);
  });

  it('is answered over a websocket, every one, while another client is served (RQ-1)', async () => {
    const server = new AppServerProcess(await temporaryHome(), ...LISTEN);
    const port = await server.port();
    const [busy, other] = [await WebSocketClient.connect(port), await WebSocketClient.connect(port)];
    busy.peer.pause();
    for (const text of burst(count)) busy.peer.say(text);
    await expect(other.ask('thread/loaded/list')).resolves.toMatchObject({ data: [] });
    busy.peer.resume();
    let unanswered = count;
    await busy.until((line) => {
      if (typeof line.id === 'number') unanswered -= 1;
      return unanswered === 0;
    });
    expect(busy.peer.isClosed).toBe(false);
    checkAnswers(busy.lines, count);
    await expect(server.end('SIGTERM')).resolves.toEqual([0, null]);
  });
});
