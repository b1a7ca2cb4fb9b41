import { contextWindow } from '@millrace/core';
import type { SandboxStatus } from '@millrace/core/ports';
import type {
  ConfigReadResponse,
  ConfigWriteResponse,
  CustomGatewayPatch,
  ExperimentalFeature,
  Model,
  ModelProviderListResponse,
  ModelProviderSummary,
} from '@millrace/protocol';
import type {
  Configuration,
  ConfigWriteFailure,
  ConfigWriteRequest,
  SkillSelection,
  ThreadConfiguration,
} from '@millrace/server';
import {
  ConfigError,
  type ConfigTable,
  type Disk,
  type EffectiveConfig,
  type InterpretedConfig,
  interpretConfig,
  isTable,
  type LoadedConfig,
  loadConfig,
  parseKeyPath,
  writeConfig,
} from '@millrace/store';
import { CONFIG_DEFAULTS, PROVIDER_DEFAULTS } from './config-defaults.js';
import { ConfigLayers, mergeTables, withoutSecrets } from './config-layers.js';
import {
  describeFeatures,
  earlyFeatures,
  PATCH_STREAMING,
  REQUEST_PERMISSIONS,
  unknownFeatures,
} from './features.js';
import type { ModelClients } from './model-clients.js';
import { newProviderId, providerEdits } from './provider-edits.js';
import { describeProvider } from './provider-summary.js';
import { threadDefaults } from './thread-defaults.js';

/** The provider whose model makes use of every tool, whatever `[tools]` says. */
const SCRIPTED_PROVIDER = 'scripted';
/** The provider that is there whatever the file says; its address is nothing to edit. */
const OPENAI = 'openai';

export interface LocalConfigurationOptions {
  readonly layers: ConfigLayers;
  /** Of the caller, over every file. */
  readonly flags: ConfigTable;
  readonly disk: Disk;
  readonly models: ModelClients;
  readonly sandbox: SandboxStatus;
  /** Absolute: where threads work that name no directory. */
  readonly cwd: string;
  /** The machine's own file, which nobody writes here. */
  readonly system: LoadedConfig;
  /** What else went wrong at the start, for people. */
  readonly problems: readonly string[];
}

/** The configuration of this home. */
export class LocalConfiguration implements Configuration {
  readonly warnings: Configuration['warnings'];
  readonly #options: LocalConfigurationOptions;
  #layers: ConfigLayers;
  #interpreted: InterpretedConfig;

  /** @throws {ConfigError} where the layers cannot be understood. */
  constructor(options: LocalConfigurationOptions) {
    this.#options = options;
    this.#layers = options.layers;
    this.#interpreted = interpretConfig(options.layers.table);
    const texts = [...this.#configure(this.#interpreted).warnings, ...options.problems];
    const told = texts.map((summary) => ({ summary, details: null }));
    this.warnings = [...told, ...sandboxWarnings(options.sandbox)];
  }

  get models(): readonly Model[] {
    const { models } = this.#options;
    return models.find(models.defaultProvider)?.models ?? [];
  }

  features(): readonly ExperimentalFeature[] {
    return describeFeatures(this.effective);
  }

  providers(): ModelProviderListResponse {
    const { models } = this.#options;
    return {
      data: [...models.configured].map((provider) => describeProvider(provider, this.#canEdit(provider.id))),
      defaultProviderId: this.#configure(this.#interpreted).defaults.modelProvider,
      canChangeDefault:
        models.isConfigurable && this.#layers.decider(['model_provider'])?.layer.name.type !== 'sessionFlags',
    };
  }

  forThread(overrides: ConfigTable): ThreadConfiguration | string {
    if (Object.keys(overrides).length === 0) {
      const warnings = earlyFeatures(this.#interpreted.config);
      return { ...this.#configure(this.#interpreted), warnings };
    }
    try {
      const merged = interpretConfig(mergeTables(this.#layers.table, nestKeys(overrides)));
      const own = this.#configure(merged);
      return { ...own, warnings: [...own.warnings, ...earlyFeatures(merged.config)] };
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  }

  async read(): Promise<ConfigReadResponse | string> {
    try {
      this.#adopt(await loadConfig(this.#layers.user.path, this.#options.disk));
      return this.#describe();
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  }

  async write(request: ConfigWriteRequest): Promise<ConfigWriteResponse | ConfigWriteFailure> {
    const { path } = this.#layers.user;
    if (request.filePath !== null && request.filePath !== path) {
      return { code: 'configLayerReadonly', message: 'Only writes to the user config are allowed' };
    }
    const { disk } = this.#options;
    const check = (table: ConfigTable) => void this.#interpret({ ...this.#layers.user, table });
    const outcome = await writeConfig(path, disk, { ...request, check });
    if (outcome.type === 'refused') return outcome;
    this.#adopt(outcome.file);
    const overriddenMetadata = this.#overridden(request);
    const status = overriddenMetadata === null ? 'ok' : 'okOverridden';
    return { status, version: outcome.file.version, filePath: path, overriddenMetadata };
  }

  async writeProvider(
    patch: CustomGatewayPatch,
  ): Promise<ModelProviderSummary | ConfigWriteFailure | 'unknown'> {
    const { providerId, name = '' } = patch;
    if (providerId != null && !this.#canEdit(providerId)) return 'unknown';
    const id = providerId ?? newProviderId(name, (taken) => this.#options.models.has(taken));
    const written = await this.write({
      edits: providerEdits(id, patch),
      filePath: null,
      expectedVersion: null,
    });
    if (!('status' in written)) return written;
    const provider = this.effective.modelProviders.get(id);
    return provider === undefined ? 'unknown' : describeProvider(provider, this.#canEdit(id));
  }

  /** Whether the user's file decides about a provider. */
  #canEdit(id: string): boolean {
    return id !== OPENAI && this.#layers.decider(['model_providers', id])?.layer.name.type === 'user';
  }

  /** What the files say, checked. */
  get effective(): EffectiveConfig {
    return this.#interpreted.config;
  }

  async switchSkill({ path, name, isEnabled }: SkillSelection): Promise<ConfigWriteFailure | undefined> {
    const others = this.effective.skills.filter((one) => one.path !== path || one.name !== name);
    const off = isEnabled ? [] : [{ path, name, isEnabled }];
    const entries = [...others, ...off].map((one) => ({
      ...(one.path === null ? { name: one.name } : { path: one.path }),
      enabled: one.isEnabled,
    }));
    const value = entries.length === 0 ? null : entries;
    const edit = { keyPath: 'skills.config', value, mergeStrategy: 'replace' as const };
    const written = await this.write({ edits: [edit], filePath: null, expectedVersion: null });
    return 'status' in written ? undefined : written;
  }

  /** What is in force from now on; where it cannot be understood, nothing changes. */
  #adopt(user: LoadedConfig): void {
    if (user.text === this.#layers.user.text) return;
    const { layers, interpreted } = this.#interpret(user);
    this.#options.models.configure(interpreted.config);
    this.#layers = layers;
    this.#interpreted = interpreted;
  }

  /** @throws {ConfigError} where the user's file, under what counts over it, cannot be understood. */
  #interpret(user: LoadedConfig) {
    const { flags, system } = this.#options;
    const layers = new ConfigLayers(flags, user, system);
    return { layers, interpreted: interpretConfig(layers.table) };
  }

  /** The first key of the request that a stronger layer decides. */
  #overridden({ edits }: ConfigWriteRequest): ConfigWriteResponse['overriddenMetadata'] {
    for (const { keyPath } of edits) {
      const path = parseKeyPath(keyPath);
      const decider = typeof path === 'string' ? undefined : this.#layers.decider(path);
      if (decider === undefined || decider.layer.name.type !== 'sessionFlags') continue;
      const message = `\`${keyPath}\` is set by whoever started this server, which counts over the file`;
      return { message, overridingLayer: decider.layer, effectiveValue: decider.value };
    }
    return null;
  }

  #configure({ config, warnings }: InterpretedConfig): ThreadConfiguration {
    const { models, cwd } = this.#options;
    const modelProvider =
      config.modelProvider !== null && models.isConfigurable ? config.modelProvider : models.defaultProvider;
    const model = config.model ?? models.find(modelProvider)?.models[0]?.id ?? 'gpt-5.5';
    return {
      defaults: threadDefaults(config, { model, modelProvider, cwd }),
      features: (provider) => ({
        updatePlan: config.tools.updatePlan || provider === SCRIPTED_PROVIDER,
        requestUserInput: provider === SCRIPTED_PROVIDER,
        requestPermissions: config.features.get(REQUEST_PERMISSIONS) === true,
        patchStreaming: config.features.get(PATCH_STREAMING) === true,
        contextWindow: contextWindow(config),
        webSearch: provider === SCRIPTED_PROVIDER ? null : config.webSearch,
        reviewModel: config.reviewModel,
      }),
      mcpServers: [...config.mcpServers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      hasProvider: (id) => models.has(id),
      warnings: [...warnings, ...unknownFeatures(config)],
    };
  }

  #describe(): ConfigReadResponse {
    const { model, modelProvider } = this.#configure(this.#interpreted).defaults;
    const shown = mergeTables(CONFIG_DEFAULTS, withoutSecrets(this.#layers.table));
    return {
      config: {
        ...shown,
        model,
        model_provider: modelProvider,
        model_providers: describeProviders(shown.model_providers),
      },
      origins: this.#layers.origins(),
      layers: this.#layers.describe(),
    };
  }
}

function describeProviders(providers: unknown): ConfigTable {
  if (!isTable(providers)) return {};
  return Object.fromEntries(
    Object.entries(providers).map(([id, provider]) => [
      id,
      isTable(provider) ? { ...PROVIDER_DEFAULTS, ...provider } : provider,
    ]),
  );
}

/** People are told before they rely on a sandbox that is not there. */
function sandboxWarnings(sandbox: SandboxStatus): Configuration['warnings'] {
  if (sandbox.type === 'available') return [];
  const summary = `No sandbox works here: ${sandbox.reason}. Every command is asked for unless the mode is danger-full-access; under approval policy never it is refused. ${sandbox.remedy}`;
  return [{ summary, details: null }];
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
