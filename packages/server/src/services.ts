import type { Clock } from '@millrace/channel';
import type { Settings, ThreadFeatures, ThreadRegistry, ThreadSections } from '@millrace/core';
import type {
  ClientFiles,
  ClientProcessRunner,
  Guidance,
  IdSource,
  McpServerConfig,
} from '@millrace/core/ports';
import type {
  ConfigEdit,
  ConfigReadResponse,
  ConfigWriteErrorData,
  ConfigWriteResponse,
  CustomGatewayPatch,
  ExperimentalFeature,
  Model,
  ModelProviderListResponse,
  ModelProviderSummary,
} from '@millrace/protocol';
import type { ClientProcesses } from './client-processes.js';
import type { Diagnostics } from './diagnostics.js';
import type { FileSearches } from './file-searches.js';
import type { FileWatches } from './file-watches.js';
import type { IdleThreads } from './idle-threads.js';
import type { KeyedQueues } from './keyed-queues.js';
import type { McpProbes } from './mcp-probes.js';
import type { OutboundRouter } from './outbound-router.js';
import type { ServerRequests } from './server-requests.js';

/** What handlers work with. */
export interface Services {
  readonly threads: ThreadRegistry;
  /** What the user has sorted threads into. */
  readonly sections: ThreadSections;
  /** Takes threads that nobody uses out of memory. */
  readonly idle: IdleThreads;
  /** Where requests of one key wait for each other. */
  readonly queues: KeyedQueues;
  readonly router: OutboundRouter;
  readonly requests: ServerRequests;
  readonly diagnostics: Diagnostics;
  readonly files: ClientFiles;
  readonly watches: FileWatches;
  readonly searches: FileSearches;
  /** Starts what clients run by themselves. */
  readonly clientRunner: ClientProcessRunner;
  /** The variables that commands get. */
  readonly commandEnvironment: Readonly<Record<string, string>>;
  /** What `command/exec` has started. */
  readonly commands: ClientProcesses;
  /** What `process/spawn` has started. */
  readonly processes: ClientProcesses;
  /** MCP servers that are started for one answer. */
  readonly mcpProbes: McpProbes;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly configuration: Configuration;
  readonly accounts: Accounts;
  readonly guidance: Guidance;
  readonly identity: Identity;
  /** Whether connections that do not say otherwise get the events of the first generation too. */
  readonly legacyEvents: boolean;
}

/** What the configuration says: as it was at the start, or when a client last read or wrote it. */
export interface Configuration {
  /**
   * What a thread starts with where its client says nothing else, with keys of `config.toml` that count for this thread only; a
   * text says what is wrong with them.
   */
  readonly forThread: (overrides: Readonly<Record<string, unknown>>) => ThreadConfiguration | string;
  readonly models: readonly Model[];
  /** What can be switched on by a name in `[features]`, by name, as it is now. */
  readonly features: () => readonly ExperimentalFeature[];
  /** The answer to `modelProvider/list`. */
  readonly providers: () => ModelProviderListResponse;
  /** Reads the files again, and answers `config/read`. Where they cannot be understood, a text says why, and what was before counts on. */
  readonly read: () => Promise<ConfigReadResponse | string>;
  /** Edits the user's file; what is written counts for threads that start afterwards. Rejects where the disk refuses. */
  readonly write: (request: ConfigWriteRequest) => Promise<ConfigWriteResponse | ConfigWriteFailure>;
  /**
   * Changes a provider of the user's file, or adds one where none is named; `'unknown'` where that file does not decide about it. What
   * could not be written comes back. Rejects where the disk refuses.
   */
  readonly writeProvider: (
    patch: CustomGatewayPatch,
  ) => Promise<ModelProviderSummary | ConfigWriteFailure | 'unknown'>;
  /** Switches a skill on or off in the user's file; what could not be written comes back. Rejects where the disk refuses. */
  readonly switchSkill: (skill: SkillSelection) => Promise<ConfigWriteFailure | undefined>;
  /** What a client should be told after its handshake, such as keys that nobody knows or a sandbox that does not work. */
  readonly warnings: readonly { readonly summary: string; readonly details: string | null }[];
}

/** What is to be written. Null: the user's file, whatever it says now. */
export interface ConfigWriteRequest {
  readonly edits: readonly ConfigEdit[];
  readonly filePath: string | null;
  readonly expectedVersion: string | null;
}

/** A skill by its file or by its name, the other of them null, and whether it may be used. */
export interface SkillSelection {
  readonly path: string | null;
  readonly name: string | null;
  readonly isEnabled: boolean;
}

/** Nothing was written. The message is meant for clients. */
export interface ConfigWriteFailure {
  readonly code: ConfigWriteErrorData['config_write_error_code'];
  readonly message: string;
}

/** What the server logs in with at model providers. */
export interface Accounts {
  /** Whether the provider of new threads wants somebody to log in. */
  readonly requiresOpenaiAuth: boolean;
  /** `apikey` where there is a key, kept or in the environment. */
  readonly authMode: 'apikey' | null;
  /** Keeps a key; the next model response is asked for with it. Rejects where it cannot be kept; then nothing changes. */
  readonly login: (apiKey: string) => Promise<void>;
  /** Forgets the key that was kept. Rejects where it cannot be removed; then nothing changes. */
  readonly logout: () => Promise<void>;
}

/** The configuration of one thread. */
export interface ThreadConfiguration {
  readonly defaults: Settings;
  readonly features: (modelProvider: string) => ThreadFeatures;
  /** The MCP servers of a thread. */
  readonly mcpServers: readonly McpServerConfig[];
  /** Whether a thread may name this provider. */
  readonly hasProvider: (id: string) => boolean;
  /** What the client should be told about its keys. */
  readonly warnings: readonly string[];
}

/** What this process takes of the machine. */
export interface ProcessFacts {
  readonly id: number;
  /** As it is now. */
  readonly residentMemoryBytes: () => number;
}

/** Who this server is. */
export interface Identity {
  readonly version: string;
  /** The home directory, absolute. */
  readonly home: string;
  /** Operating system and terminal, for the user agent: `(Debian 12.0.0; x86_64) xterm`. */
  readonly system: string;
  readonly platformFamily: string;
  readonly platformOs: string;
  /** The shell that runs commands, its path absolute. */
  readonly shell: { readonly name: string; readonly path: string };
  readonly processFacts: ProcessFacts;
  /** Which surface threads belong to unless a client says otherwise. */
  readonly sessionSource: string;
  /** Resolves a path that a client gave against the server's working directory. */
  readonly resolvePath: (path: string) => string;
}
