import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInProcess } from '@millrace/client/in-process';
import { afterEach, beforeEach, expect, it } from 'vitest';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-accounts-'));
});
afterEach(() => rm(home, { recursive: true }));

/** A model server that refuses everybody, and remembers with what they came. */
async function refusingModel() {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(400).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { keys, url: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

it('asks the model with the key that somebody has logged in with, until they log out, and shows it to nobody (RQ-8)', async () => {
  const model = await refusingModel();
  await writeFile(
    join(home, 'config.toml'),
    `model_provider = "own"\n[model_providers.own]\nbase_url = "${model.url}"\nrequires_openai_auth = true\nrequest_max_retries = 0\n`,
  );
  const client = await startInProcess({
    home,
    environment: {},
    clientInfo: { name: 'test', version: '1' },
  });
  const said: unknown[] = [];
  void (async () => {
    for await (const event of client.events()) said.push(event);
  })();
  const ask = async () => {
    const { thread } = await client.request('thread/start', { cwd: home });
    const run = client.runTurn({ threadId: thread.id, input: [{ type: 'text', text: 'x' }] });
    for await (const event of run) said.push(event);
  };
  try {
    const none = { account: null, userId: null, requiresOpenaiAuth: true, workspaceRouting: null };
    expect(await client.request('account/read', {})).toEqual(none);
    await ask();
    expect(model.keys).toEqual([]);

    expect(await client.request('account/login/start', { type: 'apiKey', apiKey: ' sk-canary ' })).toEqual({
      type: 'apiKey',
    });
    expect(await client.request('account/read', {})).toEqual({ ...none, account: { type: 'apiKey' } });
    expect(await client.request('getAuthStatus', { includeToken: true })).toEqual({
      authMethod: 'apikey',
      authToken: null,
      requiresOpenaiAuth: true,
    });
    await ask();
    expect(model.keys).toEqual(['Bearer sk-canary']);
    expect(await readFile(join(home, 'auth.json'), 'utf8')).toContain('sk-canary');

    await client.request('account/logout', {});
    expect(await client.request('account/read', {})).toEqual(none);
    await ask();
    expect(model.keys).toEqual(['Bearer sk-canary']);
    expect(JSON.stringify(said)).not.toContain('canary');
    expect(JSON.stringify(said)).toContain('account/login/completed');
  } finally {
    await client.shutdown();
    model.close();
  }
});
