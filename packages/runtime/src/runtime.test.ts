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

/** What a client is asking, one after the other, or what happens meanwhile. */
type Step = readonly [string, unknown] | (() => Promise<void>);

/** What a client is answered by a runtime with that `config.toml`. */
async function ask(toml: string, steps: readonly Step[], options: RuntimeOptions = {}) {
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
  const all: readonly Step[] = [['initialize', { clientInfo }], ...steps];
  for (const step of all) {
    if (typeof step === 'function') {
      await step();
      continue;
    }
    const [method, params] = step;
    const id = answers.length;
    connection.requests.trySend({ type: 'request', id, method, params });
    while (answers.length === id) await new Promise((resolve) => setImmediate(resolve));
  }
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

  it('shows where each value comes from: the caller over the file, the file over the machine', async () => {
    const systemConfig = join(home, 'system.toml');
    await writeFile(
      systemConfig,
      'model = "s"\nmodel_reasoning_effort = "low"\n[tools.update_plan]\nenabled = false\n',
    );
    const [read, plain] = await ask(
      'model = "u"\nmodel_reasoning_effort = "high"\n',
      [
        ['config/read', { includeLayers: true }],
        ['config/read', {}],
      ],
      { systemConfig, config: { model: 'f' } },
    );
    const user = { type: 'user', file: join(home, 'config.toml'), profile: null };
    expect(read).toMatchObject({
      config: { model: 'f', model_reasoning_effort: 'high', tools: { update_plan: { enabled: false } } },
      origins: {
        model: { name: { type: 'sessionFlags' } },
        model_reasoning_effort: { name: user },
        'tools.update_plan.enabled': { name: { type: 'system', file: systemConfig } },
      },
      layers: [
        { config: { model: 'f' } },
        { name: user, config: { model: 'u' } },
        { config: { model: 's' } },
      ],
    });
    expect(plain).not.toHaveProperty('layers');
  });

  it('writes what a client asks for, and starts the next thread with it', async () => {
    const edit = (keyPath: string, value: unknown) => ({ keyPath, value, mergeStrategy: 'replace' });
    const [written, thread, overridden, read, conflict, readonly] = await ask(
      '# mine\n',
      [
        ['config/batchWrite', { edits: [edit('sandbox_mode', 'workspace-write')] }],
        ['thread/start', { cwd: '/' }],
        ['config/value/write', edit('model', 'other')],
        ['config/read', {}],
        ['config/value/write', { ...edit('model', 'x'), expectedVersion: 'sha256:old' }],
        ['config/value/write', { ...edit('model', 'x'), filePath: '/etc/other.toml' }],
      ],
      { config: { model: 'flag' } },
    );
    const filePath = join(home, 'config.toml');
    expect(written).toMatchObject({ status: 'ok', filePath, overriddenMetadata: null });
    expect(thread).toMatchObject({ sandbox: { type: 'workspaceWrite' } });
    expect(overridden).toMatchObject({
      status: 'okOverridden',
      overriddenMetadata: { overridingLayer: { name: { type: 'sessionFlags' } }, effectiveValue: 'flag' },
    });
    const { version } = overridden as { version: string };
    expect(read).toMatchObject({ origins: { sandbox_mode: { version } } });
    expect(conflict).toMatchObject({
      code: -32_600,
      data: { config_write_error_code: 'configVersionConflict' },
    });
    expect(readonly).toMatchObject({
      code: -32_600,
      data: { config_write_error_code: 'configLayerReadonly' },
    });
    expect(await readFile(filePath, 'utf8')).toBe(
      '# mine\nsandbox_mode = "workspace-write"\nmodel = "other"\n',
    );
  });

  it('adds a provider and changes one, key by key, and says which a client may change', async () => {
    const write = (settings: object): Step => [
      'modelProvider/config/write',
      { settings: { type: 'customGateway', ...settings } },
    ];
    const toml =
      '# mine\n[model_providers.my-own]\nbase_url = "http://127.0.0.1:1/v1"\nrequest_max_retries = 1\n';
    const answers = await ask(
      toml,
      [
        write({ name: 'My own', baseUrl: 'http://127.0.0.1:2/v1', envKey: 'KEY' }),
        write({ providerId: 'my-own', name: 'Changed' }),
        write({ providerId: 'my-own-2', envKey: null }),
        write({ providerId: 'given', name: 'x' }),
        write({ providerId: 'openai', name: 'x' }),
        write({ name: 'No address' }),
        ['modelProvider/config/write', { settings: { type: 'bedrock' } }],
        ['modelProvider/list', {}],
      ],
      { config: { model_providers: { given: { base_url: 'http://127.0.0.1:3' } } } },
    );
    const summary = (id: string, name: string, auth: object, port: number, canEdit = true) => ({
      id,
      name,
      canEdit,
      baseUrl: `http://127.0.0.1:${port}${canEdit ? '/v1' : ''}`,
      settings: { type: 'customGateway', auth },
    });
    const refused = (modelProvider: string) => ({
      code: -32_600,
      data: { type: 'modelProviderNotConfigured', modelProvider },
    });
    const byKey = { mode: 'environmentVariable', envKey: 'KEY' };
    const none = { mode: 'none' };
    expect(answers).toMatchObject([
      { provider: summary('my-own-2', 'My own', byKey, 2) },
      { provider: summary('my-own', 'Changed', none, 1) },
      { provider: summary('my-own-2', 'My own', none, 2) },
      refused('given'),
      refused('openai'),
      { code: -32_600, data: { config_write_error_code: 'configValidationError' } },
      { code: -32_600, message: 'providers of type bedrock are not supported by this server' },
      {
        data: [
          { id: 'openai', canEdit: false },
          summary('my-own', 'Changed', none, 1),
          summary('my-own-2', 'My own', none, 2),
          summary('given', 'given', none, 3, false),
        ],
      },
    ]);
    const file = await readFile(join(home, 'config.toml'), 'utf8');
    expect(file).toContain(toml.trimEnd());
    expect(file).toContain('name = "Changed"');
  });

  it('writes nothing that does not fit to what counts over the file', async () => {
    const server = { keyPath: 'mcp_servers.one', value: { command: 'serve' }, mergeStrategy: 'replace' };
    const [answer] = await ask('', [['config/value/write', server]], {
      config: { mcp_servers: { one: { url: 'http://127.0.0.1:1' } } },
    });
    expect(answer).toMatchObject({
      code: -32_600,
      data: { config_write_error_code: 'configValidationError' },
    });
    expect(await readFile(join(home, 'config.toml'), 'utf8')).toBe('');
  });

  it('reads the file again for a client, and keeps what was before where it is broken', async () => {
    const rewrite = (text: string) => () => writeFile(join(home, 'config.toml'), text);
    const [read, thread, broken, before] = await ask('', [
      rewrite('model = "second"\n'),
      ['config/read', {}],
      ['thread/start', {}],
      rewrite('model = 3\n'),
      ['config/read', {}],
      ['thread/start', {}],
    ]);
    expect(read).toMatchObject({ config: { model: 'second' } });
    expect(thread).toMatchObject({ model: 'second' });
    expect(broken).toMatchObject({ code: -32_600, message: expect.stringContaining('`model`') });
    expect(before).toMatchObject({ model: 'second' });
  });

  it('does not start with a configuration that cannot be understood', async () => {
    await writeFile(join(home, 'config.toml'), 'approval_policy = "sometimes"\n');
    await expect(startRuntime({ home, environment: {} })).rejects.toThrow(/approval_policy/);
  });
});
