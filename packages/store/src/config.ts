import { isAbsolute } from 'node:path';
import type { McpServerConfig, WebSearchSpec } from '@millrace/core/ports';
import { LIMITS, ReasoningSummary, SandboxMode } from '@millrace/protocol';
import { ConfigError } from './config-error.js';
import type { ConfigTable } from './config-file.js';
import { readMcpServers } from './mcp-config.js';
import type { SkillSwitch } from './skill-catalogue.js';
import { TableReader } from './table-reader.js';
import { readWebSearch } from './web-search-config.js';

const APPROVAL_POLICIES = ['untrusted', 'on-request', 'never'] as const;
const WIRE_APIS = ['responses'] as const;

/** One day in milliseconds, below the largest delay of a timer. */
const IDLE_TIMEOUT_LIMIT_MS = 86_400_000;
/** Warnings that are kept; the last one then counts the rest. A file of another program may have thousands of keys. */
const WARNINGS_LIMIT = 100;

/** Tables and keys in which clients keep what is theirs. */
const CLIENT_KEYS: ReadonlySet<string> = new Set([
  'analytics',
  'check_for_update_on_startup',
  'desktop',
  'disable_paste_burst',
  'feedback',
  'file_opener',
  'hide_agent_reasoning',
  'history',
  'notice',
  'notify',
  'personality',
  'projects',
  'tui',
]);

/** What `config.toml` asks for, checked, with every default filled in. Null means that the file does not say. */
export interface EffectiveConfig {
  readonly model: string | null;
  /** The model of reviews; null for that of the thread. */
  readonly reviewModel: string | null;
  /** A key of {@link modelProviders}, or the name of a provider that the runtime itself knows. */
  readonly modelProvider: string | null;
  /** As the model names it, such as `medium`. */
  readonly modelReasoningEffort: string | null;
  readonly modelReasoningSummary: ReasoningSummary | null;
  /** Tokens that fit into the model. */
  readonly modelContextWindow: number | null;
  /** Tokens from which on a history is compacted. */
  readonly modelAutoCompactTokenLimit: number | null;
  /** When a person is asked before something runs. */
  readonly approvalPolicy: (typeof APPROVAL_POLICIES)[number] | null;
  readonly sandboxMode: SandboxMode | null;
  /** What the mode `workspace-write` allows beyond the working directory. */
  readonly sandboxWorkspaceWrite: SandboxWorkspaceWrite;
  /** What the model is told before anything else of a thread that brings no instructions of its own. */
  readonly developerInstructions: string | null;
  readonly projectInstructions: ProjectInstructionsConfig;
  /** `[[skills.config]]`, in the order of the file. */
  readonly skills: readonly SkillSwitch[];
  /** Whether raw reasoning is shown and not only its summary. */
  readonly showRawAgentReasoning: boolean;
  /** By id. Holds at least `openai`. */
  readonly modelProviders: ReadonlyMap<string, ModelProviderConfig>;
  /** By name. */
  readonly mcpServers: ReadonlyMap<string, McpServerConfig>;
  readonly tools: ToolsConfig;
  /** The search of the provider; null where the file does not ask for it. */
  readonly webSearch: WebSearchSpec | null;
  /** `[features]`, by name, as the file says; the names are not checked. */
  readonly features: ReadonlyMap<string, boolean>;
}

/** How the instructions of a project are found. */
export interface ProjectInstructionsConfig {
  /** Bytes of all files of a project together; 0 reads none. */
  readonly maxBytes: number;
  /** File names that count where a directory has no `AGENTS.md`, the first one first. */
  readonly fallbackFilenames: readonly string[];
  /** What the root of a project holds; where nothing above holds one of them, the working directory is the root. */
  readonly rootMarkers: readonly string[];
}

export interface SandboxWorkspaceWrite {
  /** Absolute directories. */
  readonly writableRoots: readonly string[];
  readonly networkAccess: boolean;
}

export interface ToolsConfig {
  /** Whether the model is offered `update_plan`; not unless the file says so, as in the reference server. */
  readonly updatePlan: boolean;
}

/** How a model provider is reached. */
export interface ModelProviderConfig {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** An http or https URL to which `/responses` is added. */
  readonly baseUrl: string;
  /** The environment variable that holds the key; null where none is needed. */
  readonly envKey: string | null;
  /** A key that stands in the file itself. Secret: never shown, logged or sent to a client. */
  readonly bearerToken: string | null;
  /** Whether the key that somebody logged in with is meant for it. */
  readonly requiresOpenaiAuth: boolean;
  readonly wireApi: (typeof WIRE_APIS)[number];
  /** Tries after the first for a request that failed before any event, 0 to 100. */
  readonly requestMaxRetries: number;
  /** Tries after the first for a stream that broke, 0 to 100. */
  readonly streamMaxRetries: number;
  /** Milliseconds without a byte after which a stream counts as broken; at least 1. */
  readonly streamIdleTimeoutMs: number;
  /** Sent with every request. May hold secrets. */
  readonly httpHeaders: ReadonlyMap<string, string>;
  /** Added to every URL. May hold secrets. */
  readonly queryParams: ReadonlyMap<string, string>;
}

export interface InterpretedConfig {
  readonly config: EffectiveConfig;
  /** For people; one for each key that nobody reads. At most 100. */
  readonly warnings: readonly string[];
}

/** The provider that needs no entry in the file. */
const OPENAI: ModelProviderConfig = {
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  envKey: 'OPENAI_API_KEY',
  bearerToken: null,
  requiresOpenaiAuth: true,
  wireApi: 'responses',
  requestMaxRetries: LIMITS.requestMaxRetries,
  streamMaxRetries: LIMITS.streamMaxRetries,
  streamIdleTimeoutMs: LIMITS.sseIdleMs,
  httpHeaders: new Map(),
  queryParams: new Map(),
};

/**
 * Reads the keys that Millrace knows. Keys that it does not know become warnings, since the file may be shared with a newer
 * program; a known key with a value of the wrong type is refused, since guessing could widen what is allowed.
 *
 * @throws {ConfigError} naming the key, what was expected and what was found.
 */
export function interpretConfig(table: ConfigTable): InterpretedConfig {
  const unread: string[] = [];
  const root = new TableReader(table, '');
  const config: EffectiveConfig = {
    model: root.text('model'),
    reviewModel: root.text('review_model'),
    modelProvider: root.text('model_provider'),
    modelReasoningEffort: root.text('model_reasoning_effort'),
    modelReasoningSummary: root.choice('model_reasoning_summary', ReasoningSummary.options),
    modelContextWindow: root.integer('model_context_window', 1, Number.MAX_SAFE_INTEGER),
    modelAutoCompactTokenLimit: root.integer('model_auto_compact_token_limit', 1, Number.MAX_SAFE_INTEGER),
    approvalPolicy: root.choice('approval_policy', APPROVAL_POLICIES),
    sandboxMode: root.choice('sandbox_mode', SandboxMode.options),
    sandboxWorkspaceWrite: readWorkspaceWrite(root.table('sandbox_workspace_write'), unread),
    developerInstructions: root.text('developer_instructions'),
    projectInstructions: {
      maxBytes:
        root.integer('project_doc_max_bytes', 0, LIMITS.configFileBytes) ?? LIMITS.projectInstructionsBytes,
      fallbackFilenames: root.texts('project_doc_fallback_filenames') ?? [],
      rootMarkers: root.texts('project_root_markers') ?? ['.git'],
    },
    skills: readSkills(root.table('skills'), unread),
    showRawAgentReasoning: root.boolean('show_raw_agent_reasoning') ?? false,
    modelProviders: readProviders(root.table('model_providers'), unread),
    mcpServers: readMcpServers(root.table('mcp_servers'), unread),
    ...readTools(root, unread),
    features: readFeatures(root.table('features')),
  };
  unread.unshift(...root.unread().filter((key) => !CLIENT_KEYS.has(key)));
  return { config, warnings: warningsAbout(unread) };
}

function readWorkspaceWrite(reader: TableReader | null, unread: string[]): SandboxWorkspaceWrite {
  if (reader === null) return { writableRoots: [], networkAccess: false };
  const writableRoots = reader.texts('writable_roots') ?? [];
  const networkAccess = reader.boolean('network_access') ?? false;
  for (const root of writableRoots) {
    if (isAbsolute(root)) continue;
    const key = reader.nameOf('writable_roots');
    throw new ConfigError(`\`${key}\`: expected absolute paths, found \`${root}\``, { key });
  }
  unread.push(...reader.unread());
  return { writableRoots, networkAccess };
}

function readProviders(
  reader: TableReader | null,
  unread: string[],
): ReadonlyMap<string, ModelProviderConfig> {
  const providers = new Map([[OPENAI.id, OPENAI]]);
  const configured = reader?.each((id) => {
    const provider = reader.table(id);
    return provider === null ? null : readProvider(id, provider, unread);
  });
  for (const [id, provider] of configured ?? []) providers.set(id, provider);
  return providers;
}

function readProvider(id: string, reader: TableReader, unread: string[]): ModelProviderConfig {
  const builtIn = id === OPENAI.id ? OPENAI : undefined;
  const baseUrl = reader.text('base_url') ?? builtIn?.baseUrl;
  if (baseUrl === undefined || !isHttpUrl(baseUrl)) {
    const key = reader.nameOf('base_url');
    const found = baseUrl === undefined ? 'nothing' : 'something else';
    throw new ConfigError(`\`${key}\`: expected an http or https URL, found ${found}`, { key });
  }
  const provider: ModelProviderConfig = {
    id,
    name: reader.text('name') ?? builtIn?.name ?? id,
    baseUrl,
    envKey: reader.text('env_key') ?? builtIn?.envKey ?? null,
    bearerToken: reader.text('experimental_bearer_token'),
    requiresOpenaiAuth: reader.boolean('requires_openai_auth') ?? builtIn?.requiresOpenaiAuth ?? false,
    wireApi: reader.choice('wire_api', WIRE_APIS) ?? OPENAI.wireApi,
    requestMaxRetries:
      reader.integer('request_max_retries', 0, LIMITS.maxRetries) ?? OPENAI.requestMaxRetries,
    streamMaxRetries: reader.integer('stream_max_retries', 0, LIMITS.maxRetries) ?? OPENAI.streamMaxRetries,
    streamIdleTimeoutMs:
      reader.integer('stream_idle_timeout_ms', 1, IDLE_TIMEOUT_LIMIT_MS) ?? OPENAI.streamIdleTimeoutMs,
    httpHeaders: readTexts(reader.table('http_headers')),
    queryParams: readTexts(reader.table('query_params')),
  };
  unread.push(...reader.unread());
  return provider;
}

function readSkills(reader: TableReader | null, unread: string[]): readonly SkillSwitch[] {
  const entries = reader?.tables('config') ?? [];
  const switches = entries.map((entry) => ({
    path: entry.text('path'),
    name: entry.text('name'),
    isEnabled: entry.boolean('enabled') ?? true,
  }));
  unread.push(...(reader?.unread() ?? []), ...entries.flatMap((entry) => entry.unread()));
  return switches;
}

function readTexts(reader: TableReader | null): ReadonlyMap<string, string> {
  return reader?.each((key) => reader.text(key)) ?? new Map();
}

function readTools(root: TableReader, unread: string[]): Pick<EffectiveConfig, 'tools' | 'webSearch'> {
  const reader = root.table('tools');
  const webSearch = readWebSearch(root, reader, unread);
  const updatePlan = reader?.table('update_plan') ?? null;
  const isEnabled = updatePlan?.boolean('enabled') ?? false;
  unread.push(...(reader?.unread() ?? []), ...(updatePlan?.unread() ?? []));
  return { tools: { updatePlan: isEnabled }, webSearch };
}

function readFeatures(reader: TableReader | null): ReadonlyMap<string, boolean> {
  return reader?.each((name) => reader.boolean(name)) ?? new Map();
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function warningsAbout(keys: readonly string[]): readonly string[] {
  const warnings = keys.map((key) => `unrecognised configuration key \`${key}\` is ignored`);
  if (warnings.length <= WARNINGS_LIMIT) return warnings;
  const kept = WARNINGS_LIMIT - 1;
  return [...warnings.slice(0, kept), `${warnings.length - kept} more unrecognised keys are ignored`];
}
