import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Settings } from '@millrace/core';
import type { SandboxStatus } from '@millrace/core/ports';
import type { ConfigReadResponse, SandboxPolicy } from '@millrace/protocol';
import type { Configuration, ThreadConfiguration } from '@millrace/server';
import {
  ConfigError,
  type ConfigTable,
  type EffectiveConfig,
  type InterpretedConfig,
  interpretConfig,
  type LoadedConfig,
} from '@millrace/store';
import type { ModelClients } from './model-clients.js';

/** Keys of a provider that may hold secrets: never sent to a client. */
const SECRET_KEYS: readonly string[] = ['experimental_bearer_token', 'http_headers', 'query_params'];

/** The feature of `item/fileChange/patchUpdated`. */
const PATCH_STREAMING = 'apply_patch_streaming_events';

/** The provider whose model makes use of every tool, whatever `[tools]` says. */
const SCRIPTED_PROVIDER = 'scripted';

export interface ConfigurationOptions {
  readonly file: LoadedConfig;
  /** The file with the caller's own keys over it. */
  readonly table: ConfigTable;
  readonly models: ModelClients;
  readonly sandbox: SandboxStatus;
  /** Absolute: where threads work that name no directory. */
  readonly cwd: string;
}

/** Puts together what the server needs of the configuration. Throws `ConfigError` where the table cannot be understood. */
export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { table, models, sandbox } = options;
  const interpreted = interpretConfig(table);
  const base = configure(options, interpreted);
  return {
    forThread: (overrides) => {
      if (Object.keys(overrides).length === 0)
        return { ...base, warnings: earlyFeatures(interpreted.config) };
      try {
        const merged = interpretConfig(mergeTables(table, nestKeys(overrides)));
        const own = configure(options, merged);
        return { ...own, warnings: [...own.warnings, ...earlyFeatures(merged.config)] };
      } catch (error) {
        if (error instanceof ConfigError) return error.message;
        throw error;
      }
    },
    models: models.find(models.defaultProvider)?.models ?? [],
    effective: describe(options, base.defaults),
    warnings: [...base.warnings.map((summary) => ({ summary, details: null })), ...sandboxWarnings(sandbox)],
  };
}

function configure(
  { models, cwd }: ConfigurationOptions,
  { config, warnings }: InterpretedConfig,
): ThreadConfiguration {
  const modelProvider =
    config.modelProvider !== null && models.isConfigurable ? config.modelProvider : models.defaultProvider;
  const model = config.model ?? models.find(modelProvider)?.models[0]?.id ?? 'gpt-5.5';
  return {
    defaults: defaultSettings(config, { model, modelProvider, cwd }),
    features: (provider) => ({
      updatePlan: config.tools.updatePlan || provider === SCRIPTED_PROVIDER,
      requestUserInput: provider === SCRIPTED_PROVIDER,
      patchStreaming: config.features.get(PATCH_STREAMING) === true,
    }),
    hasProvider: (id) => models.has(id),
    warnings: [...warnings, ...unknownFeatures(config)],
  };
}

/** Whoever asks for a feature that is not there should know. */
function unknownFeatures({ features }: EffectiveConfig): string[] {
  return [...features]
    .filter(([name, isOn]) => isOn && name !== PATCH_STREAMING)
    .map(([name]) => `The feature \`${name}\` is not known here and has no effect.`);
}

/** What every thread is told that uses a feature which may still change. */
function earlyFeatures({ features }: EffectiveConfig): string[] {
  if (features.get(PATCH_STREAMING) !== true) return [];
  return [`Under-development features enabled: ${PATCH_STREAMING}. They may change or go with any release.`];
}

function defaultSettings(
  config: EffectiveConfig,
  base: Pick<Settings, 'model' | 'modelProvider' | 'cwd'>,
): Settings {
  return {
    ...base,
    approvalPolicy: config.approvalPolicy ?? 'on-request',
    sandboxPolicy: sandboxPolicy(config),
    permissionProfile: config.sandboxMode === null ? ':read-only' : null,
    effort: config.modelReasoningEffort,
    summary: config.modelReasoningSummary,
    baseInstructions: null,
    developerInstructions: null,
    mode: 'default',
    modeInstructions: null,
  };
}

function sandboxPolicy({ sandboxMode, sandboxWorkspaceWrite }: EffectiveConfig): SandboxPolicy {
  const { writableRoots, networkAccess } = sandboxWorkspaceWrite;
  switch (sandboxMode) {
    case 'danger-full-access':
      return { type: 'dangerFullAccess' };
    case 'workspace-write':
      return {
        type: 'workspaceWrite',
        writableRoots,
        networkAccess,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      };
    case 'read-only':
    case null:
      return { type: 'readOnly', networkAccess: false };
  }
}

/** People are told before they rely on a sandbox that is not there. */
function sandboxWarnings(sandbox: SandboxStatus): Configuration['warnings'] {
  if (sandbox.type === 'available') return [];
  const summary = `No sandbox works here: ${sandbox.reason}. Every command is asked for unless the mode is danger-full-access; under approval policy never it is refused. ${sandbox.remedy}`;
  return [{ summary, details: null }];
}

function describe(
  { file, table }: ConfigurationOptions,
  { model, modelProvider }: Settings,
): ConfigReadResponse {
  const shown = withoutSecrets(table);
  const version = `sha256:${createHash('sha256').update(JSON.stringify(file.table)).digest('hex')}`;
  const name = { type: 'user' as const, file: resolve(file.path) };
  const origins = Object.fromEntries(Object.keys(file.table).map((key) => [key, { name, version }]));
  return {
    config: { ...shown, model, model_provider: modelProvider },
    origins,
    layers: [{ name, version, config: withoutSecrets(file.table) }],
  };
}

function withoutSecrets(table: ConfigTable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([key]) => !SECRET_KEYS.includes(key))
      .map(([key, value]) => [key, isTable(value) ? withoutSecrets(value) : value]),
  );
}

/** The first table with the second over it, tables inside merged key by key. */
export function mergeTables(base: ConfigTable, over: ConfigTable): ConfigTable {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    merged.set(key, isTable(before) && isTable(value) ? mergeTables(before, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Keys such as `features.foo` as the tables that they stand for. */
function nestKeys(keys: ConfigTable): ConfigTable {
  return Object.entries(keys).reduce<ConfigTable>((table, [key, value]) => {
    const nested = key
      .split('.')
      .reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), value);
    return mergeTables(table, nested as ConfigTable);
  }, {});
}

function isTable(value: unknown): value is ConfigTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
