import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@millrace/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveHome } from './home.js';
import { type RuntimeOptions, startRuntime } from './runtime.js';
import { VERSION } from './version.js';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-runtime-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What a client is answered by a runtime with that `config.toml`. */
async function ask(toml: string, requests: readonly [string, unknown][], options: RuntimeOptions = {}) {
  await writeFile(join(home, 'config.toml'), toml);
  const server = await startRuntime({ home, store: memoryStore(), environment: {}, ...options });
  const answers: unknown[] = [];
  const connection = server.attach(
    {
      result: (_id, result) => void answers.push(result),
      error: (_id, error) => void answers.push(error),
    },
    { channelCapacity: 128, slowConsumerGraceMs: 0 },
  );
  if (typeof connection === 'string') throw new Error(connection);
  const clientInfo = { name: 'test', version: '1' };
  const all: [string, unknown][] = [['initialize', { clientInfo }], ...requests];
  for (const [id, [method, params]] of all.entries()) {
    connection.requests.trySend({ type: 'request', id, method, params });
  }
  await new Promise((resolve) => setImmediate(resolve));
  await server.finishShutdown();
  return answers.slice(1);
}

describe('startRuntime', () => {
  it('has the version of its package', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(VERSION).toBe(manifest.version);
  });

  it('takes the home directory from the caller, else from the environment', () => {
    expect(resolveHome('/a', { MILLRACE_HOME: '/b' })).toBe('/a');
    expect(resolveHome(undefined, { MILLRACE_HOME: '/b' })).toBe('/b');
    expect(resolveHome(undefined, {})).toMatch(/\.millrace$/);
  });

  it('starts threads as the file says, the caller over the file, and the request over both', async () => {
    const toml = 'approval_policy = "untrusted"\nsandbox_mode = "workspace-write"\n';
    const [plain, asked] = await ask(
      toml,
      [
        ['thread/start', { cwd: '/' }],
        ['thread/start', { cwd: '/', approvalPolicy: 'never', config: { sandbox_mode: 'read-only' } }],
      ],
      { config: { approval_policy: 'on-request' } },
    );
    expect(plain).toMatchObject({
      approvalPolicy: 'on-request',
      sandbox: { type: 'workspaceWrite' },
      modelProvider: 'scripted',
    });
    expect(asked).toMatchObject({ approvalPolicy: 'never', sandbox: { type: 'readOnly' } });
  });

  it('refuses a thread whose own keys cannot be understood, or whose provider is not there', async () => {
    const [badKey, badProvider] = await ask('', [
      ['thread/start', { config: { model_reasoning_effort: 17 } }],
      ['thread/start', { modelProvider: 'nope' }],
    ]);
    expect(badKey).toMatchObject({ code: -32_600 });
    expect(badProvider).toEqual({
      code: -32_600,
      message: 'failed to load configuration: Model provider `nope` not found',
    });
  });

  it('shows a client the configuration without its secrets (RQ-8)', async () => {
    const toml = `model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "http://127.0.0.1:1/v1"
experimental_bearer_token = "canary-token"
http_headers = { authorization = "canary-header" }
`;
    const [read] = await ask(toml, [['config/read', { includeLayers: true }]]);
    expect(JSON.stringify(read)).toContain('http://127.0.0.1:1/v1');
    expect(JSON.stringify(read)).not.toContain('canary');
  });

  it('does not start with a configuration that cannot be understood', async () => {
    await writeFile(join(home, 'config.toml'), 'approval_policy = "sometimes"\n');
    await expect(startRuntime({ home, environment: {} })).rejects.toThrow(/approval_policy/);
  });
});
