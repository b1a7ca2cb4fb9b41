import { describe, expect, it } from 'vitest';
import { type EffectiveConfig, interpretConfig, type ModelProviderConfig } from './config.js';
import { ConfigError } from './config-error.js';

const OPENAI: ModelProviderConfig = {
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  envKey: 'OPENAI_API_KEY',
  bearerToken: null,
  requiresOpenaiAuth: true,
  wireApi: 'responses',
  requestMaxRetries: 4,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
  httpHeaders: new Map(),
  queryParams: new Map(),
};

const refusal = (table: Record<string, unknown>): ConfigError => {
  try {
    interpretConfig(table);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

describe('interpretConfig', () => {
  it('fills in every default for an empty file', () => {
    expect(interpretConfig({})).toEqual({
      config: {
        model: null,
        reviewModel: null,
        modelProvider: null,
        modelReasoningEffort: null,
        modelReasoningSummary: null,
        modelContextWindow: null,
        modelAutoCompactTokenLimit: null,
        approvalPolicy: null,
        sandboxMode: null,
        sandboxWorkspaceWrite: { writableRoots: [], networkAccess: false },
        developerInstructions: null,
        projectInstructions: { maxBytes: 32_768, fallbackFilenames: [], rootMarkers: ['.git'] },
        skills: [],
        showRawAgentReasoning: false,
        modelProviders: new Map([['openai', OPENAI]]),
        mcpServers: new Map(),
        tools: { updatePlan: false },
        webSearch: null,
        features: new Map(),
      },
      warnings: [],
    });
  });

  it('reads every key that it knows', () => {
    const expected: EffectiveConfig = {
      model: 'local-large',
      reviewModel: null,
      modelProvider: 'local',
      modelReasoningEffort: 'high',
      modelReasoningSummary: 'concise',
      modelContextWindow: 100_000,
      modelAutoCompactTokenLimit: 80_000,
      approvalPolicy: 'on-request',
      sandboxMode: 'workspace-write',
      sandboxWorkspaceWrite: { writableRoots: ['/srv/data'], networkAccess: true },
      developerInstructions: 'Be brief.',
      projectInstructions: { maxBytes: 10, fallbackFilenames: ['NOTES.md'], rootMarkers: ['.hg'] },
      skills: [{ path: null, name: 'loud', isEnabled: false }],
      showRawAgentReasoning: true,
      modelProviders: new Map([
        ['openai', OPENAI],
        [
          'local',
          {
            id: 'local',
            name: 'Local',
            baseUrl: 'http://127.0.0.1:8080/v1',
            envKey: 'LOCAL_KEY',
            bearerToken: 'secret',
            requiresOpenaiAuth: true,
            wireApi: 'responses',
            requestMaxRetries: 0,
            streamMaxRetries: 2,
            streamIdleTimeoutMs: 1_000,
            httpHeaders: new Map([['x-team', 'mill']]),
            queryParams: new Map([['version', '1']]),
          },
        ],
      ]),
      mcpServers: new Map(),
      tools: { updatePlan: false },
      webSearch: null,
      features: new Map([['lanterns', true]]),
    };
    const interpreted = interpretConfig({
      model: 'local-large',
      model_provider: 'local',
      model_reasoning_effort: 'high',
      model_reasoning_summary: 'concise',
      model_context_window: 100_000,
      model_auto_compact_token_limit: 80_000,
      approval_policy: 'on-request',
      sandbox_mode: 'workspace-write',
      sandbox_workspace_write: { writable_roots: ['/srv/data'], network_access: true },
      developer_instructions: 'Be brief.',
      project_doc_max_bytes: 10,
      project_doc_fallback_filenames: ['NOTES.md'],
      project_root_markers: ['.hg'],
      skills: { config: [{ name: 'loud', enabled: false }] },
      show_raw_agent_reasoning: true,
      model_providers: {
        local: {
          name: 'Local',
          base_url: 'http://127.0.0.1:8080/v1',
          env_key: 'LOCAL_KEY',
          experimental_bearer_token: 'secret',
          requires_openai_auth: true,
          wire_api: 'responses',
          request_max_retries: 0,
          stream_max_retries: 2,
          stream_idle_timeout_ms: 1_000,
          http_headers: { 'x-team': 'mill' },
          query_params: { version: '1' },
        },
      },
      tools: { update_plan: { enabled: false } },
      features: { lanterns: true },
    });
    expect(interpreted).toEqual({ config: expected, warnings: [] });
  });

  it('lets the file change the built-in provider and keeps the rest of it', () => {
    const { config } = interpretConfig({
      model_providers: { openai: { base_url: 'https://proxy.test/v1' } },
    });
    expect(config.modelProviders.get('openai')).toEqual({ ...OPENAI, baseUrl: 'https://proxy.test/v1' });
  });

  it('warns of each key that it does not know, at every level, and reads the others', () => {
    const { config, warnings } = interpretConfig({
      model: 'm',
      tui: { theme: 'dark' },
      temper: 'stern',
      sandbox_workspace_write: { exclude_slash_tmp: true },
      model_providers: { local: { base_url: 'http://localhost/v1', colour: 'red' } },
      tools: { hammer: true, update_plan: { loud: true } },
    });
    expect(config.model).toBe('m');
    expect(warnings).toEqual(
      [
        'temper',
        'sandbox_workspace_write.exclude_slash_tmp',
        'model_providers.local.colour',
        'tools.hammer',
        'tools.update_plan.loud',
      ].map((key) => `unrecognised configuration key \`${key}\` is ignored`),
    );
  });

  it('keeps at most 100 warnings and says how many more there are', () => {
    const table = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`key${index}`, 1]));
    const { warnings } = interpretConfig(table);
    expect(warnings).toHaveLength(100);
    expect(warnings.at(-1)).toBe('51 more unrecognised keys are ignored');
  });

  const wrong: readonly (readonly [Record<string, unknown>, string, string])[] = [
    [{ model: 5 }, 'model', '`model`: expected a string, found a whole number'],
    [{ model: '' }, 'model', '`model`: expected a string that is not empty, found an empty one'],
    [{ model: ['a'] }, 'model', '`model`: expected a string, found a list'],
    [{ model: new Date(0) }, 'model', '`model`: expected a string, found a date'],
    [
      { approval_policy: 'sometimes' },
      'approval_policy',
      '`approval_policy`: expected one of `untrusted`, `on-request`, `never`, found `sometimes`',
    ],
    [
      { show_raw_agent_reasoning: 'yes' },
      'show_raw_agent_reasoning',
      '`show_raw_agent_reasoning`: expected true or false, found a string',
    ],
    [
      { sandbox_workspace_write: true },
      'sandbox_workspace_write',
      '`sandbox_workspace_write`: expected a table, found a boolean',
    ],
    [
      { sandbox_workspace_write: { writable_roots: 'here' } },
      'sandbox_workspace_write.writable_roots',
      '`sandbox_workspace_write.writable_roots`: expected a list of strings, found a string',
    ],
    [
      { sandbox_workspace_write: { writable_roots: ['/a', 1.5] } },
      'sandbox_workspace_write.writable_roots',
      '`sandbox_workspace_write.writable_roots`: expected a list of strings, found a fraction in it',
    ],
    [
      { sandbox_workspace_write: { writable_roots: ['here'] } },
      'sandbox_workspace_write.writable_roots',
      '`sandbox_workspace_write.writable_roots`: expected absolute paths, found `here`',
    ],
    [
      { model_providers: { local: {} } },
      'model_providers.local.base_url',
      '`model_providers.local.base_url`: expected an http or https URL, found nothing',
    ],
    [
      { model_providers: { local: { base_url: 'file:///etc' } } },
      'model_providers.local.base_url',
      '`model_providers.local.base_url`: expected an http or https URL, found something else',
    ],
    [
      { model_providers: { openai: { wire_api: 'chat' } } },
      'model_providers.openai.wire_api',
      '`model_providers.openai.wire_api`: expected one of `responses`, found `chat`',
    ],
    [
      { model_providers: { openai: { stream_max_retries: 101 } } },
      'model_providers.openai.stream_max_retries',
      '`model_providers.openai.stream_max_retries`: expected a whole number from 0 to 100, found 101',
    ],
    [
      { model_providers: { openai: { request_max_retries: {} } } },
      'model_providers.openai.request_max_retries',
      '`model_providers.openai.request_max_retries`: expected a whole number from 0 to 100, found a table',
    ],
    [
      { features: { lanterns: 1 } },
      'features.lanterns',
      '`features.lanterns`: expected true or false, found a whole number',
    ],
  ];
  it.each(
    wrong,
  )('refuses %j, naming the key, what was expected and what was found', (table, key, message) => {
    expect(refusal(table)).toMatchObject({ key, message, position: undefined });
  });

  it('never repeats a value that may be a secret in the wrong place', () => {
    const error = refusal({ model_providers: { openai: { http_headers: ['sk-canary'] } } });
    expect(error.message).not.toContain('canary');
  });

  it('does not take a setting from the prototype of the table', () => {
    expect(interpretConfig(Object.create({ model: 'inherited' })).config.model).toBeNull();
  });
});
