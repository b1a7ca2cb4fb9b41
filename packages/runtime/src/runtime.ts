import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Clock, systemClock } from '@millrace/channel';
import { type AgentPorts, ThreadRegistry, ThreadSections } from '@millrace/core';
import {
  type ClientProcessRunner,
  type CommandRules,
  type FileSystem,
  type Guidance,
  type IdSource,
  type ModelClient,
  type ProcessRunner,
  type SandboxStatus,
  SpawnError,
  type ThreadStore,
} from '@millrace/core/ports';
import {
  createClientFiles,
  createProcessRunner,
  LocalFileSearcher,
  nodeFileSystem,
} from '@millrace/exec-server';
import { createMcpLauncher } from '@millrace/mcp';
import { LIMITS } from '@millrace/protocol';
import {
  ClientProcesses,
  Diagnostics,
  FileSearches,
  FileWatches,
  IdleThreads,
  KeyedQueues,
  McpProbes,
  OutboundRouter,
  Server,
  ServerRequests,
} from '@millrace/server';
import {
  type ConfigTable,
  Credentials,
  interpretConfig,
  jsonlStore,
  LocalGuidance,
  loadConfig,
  loadRules,
  nodeDisk,
  sectionFile,
} from '@millrace/store';
import { ConfigLayers } from './config-layers.js';
import { LocalConfiguration } from './configuration.js';
import { resolveHome } from './home.js';
import { LocalAccounts } from './local-accounts.js';
import { localHost, localPlatform } from './local-host.js';
import { ModelClients } from './model-clients.js';
import { systemIds } from './system-ids.js';
import { VERSION } from './version.js';

/** Where an administrator configures every home of a machine. */
const SYSTEM_CONFIG = '/etc/millrace/config.toml';

export interface RuntimeOptions {
  /** The home directory; else `MILLRACE_HOME`, else `~/.millrace`. */
  readonly home?: string;
  /** Keys of `config.toml` that count over the file's. */
  readonly config?: ConfigTable;
  /** The configuration of the whole machine, below the user's; `/etc/millrace/config.toml` by default. */
  readonly systemConfig?: string;
  /** Takes the place of the configured provider; the scripted model when nothing is configured and no key is set. */
  readonly model?: ModelClient;
  /** Where threads are kept; JSONL files in the home directory by default. */
  readonly store?: ThreadStore;
  /** What is known beforehand of commands; the files in `rules/` of the home directory by default. */
  readonly rules?: CommandRules;
  /** Which surface new threads belong to; `vscode` by default, like the reference server. */
  readonly sessionSource?: string;
  /** Where threads work that name no directory; the process's by default. */
  readonly cwd?: string;
  /** Milliseconds that clients have for an approval or another question; it counts as no then. As long as the turn by default. */
  readonly answerTimeoutMs?: number;
  /** True to tell clients that do not say otherwise every event in the words of the first generation of the protocol too. */
  readonly legacyEvents?: boolean;
  /** Milliseconds for a whole shutdown; 5,000 by default. */
  readonly shutdownGraceMs?: number;
  /** Threads in memory at a time; 256 by default, clamped to at least 1. */
  readonly loadedThreads?: number;
  /** Further adapters, for tests and simulations; those of this machine by default. */
  readonly processes?: ProcessRunner;
  readonly files?: FileSystem;
  readonly guidance?: Guidance;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Composes a server in this process: the wiring diagram, with the parts in the order in which a request meets them.
 *
 * Rejects with `ConfigError` when `config.toml` cannot be understood; then nothing is running.
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Server> {
  const { environment = process.env, clock = systemClock, ids = systemIds, files = nodeFileSystem } = options;
  const home = resolveHome(options.home, environment);
  const cwd = resolve(options.cwd ?? process.cwd());
  const flags = options.config ?? {};
  const system = await loadConfig(options.systemConfig ?? SYSTEM_CONFIG, nodeDisk);
  const layers = new ConfigLayers(flags, await loadConfig(join(home, 'config.toml'), nodeDisk), system);
  const { config } = interpretConfig(layers.table);
  const kept = await loadRules(home, nodeDisk);

  const ownProcesses =
    options.processes === undefined
      ? await createProcessRunner({ clock, protectedPaths: [home] })
      : undefined;
  const processes = options.processes ?? (ownProcesses as ProcessRunner);
  const clientRunner = ownProcesses ?? noClientProcesses(processes.sandbox);
  const diagnostics = new Diagnostics();
  const fault = (where: string) => (error: unknown) => void diagnostics.emit('fault', { where, error });
  const index = { clock, onFault: fault('thread index') };
  const store = options.store ?? jsonlStore({ directory: home, index, onDamage: fault('thread file') });
  const credentials = await Credentials.load(join(home, 'auth.json'), nodeDisk);
  const sectionPath = join(home, 'sections.json');
  const sections = new ThreadSections({ store: sectionFile(sectionPath, nodeDisk), ids, clock });
  const sectionProblem = await sections.load().then(
    () => null,
    ({ message }: Error) => `${message}; mend ${sectionPath} or move it away`,
  );
  const models = new ModelClients({
    config,
    environment,
    clock,
    given: options.model,
    loginKey: () => credentials.apiKey,
  });

  const configuration = new LocalConfiguration({
    layers,
    flags,
    system,
    disk: nodeDisk,
    models,
    sandbox: processes.sandbox,
    cwd,
    problems: [...kept.warnings, credentials.problem ?? [], sectionProblem ?? []].flat(),
  });
  const guidance =
    options.guidance ??
    new LocalGuidance({
      disk: nodeDisk,
      home,
      userHome: environment.HOME ?? homedir(),
      config: () => configuration.effective,
    });

  const router = new OutboundRouter(clock);
  const clientFiles = createClientFiles(clock);
  const searcher = new LocalFileSearcher(cwd, fault('file names'));
  const searches = new FileSearches({ searcher, router, diagnostics });
  const requests = new ServerRequests({
    router,
    clock,
    diagnostics,
    answerTimeoutMs: options.answerTimeoutMs,
  });
  const ports: AgentPorts = {
    modelClient: (provider) => models.find(provider),
    store,
    sections,
    processes,
    rules: options.rules ?? kept.rules,
    files,
    guidance,
    events: router,
    questions: requests,
    mcp: createMcpLauncher({ clock, processes: clientRunner, environment, version: VERSION }),
    clock,
    ids,
    host: localHost(environment, home),
  };
  const mcpProbes = new McpProbes(ports.mcp);
  const commands = new ClientProcesses('command/exec', diagnostics);
  const clientProcesses = new ClientProcesses('process', diagnostics);
  const capacity = Math.max(1, options.loadedThreads ?? LIMITS.loadedThreads);
  const threads = new ThreadRegistry(ports, fault('thread'), capacity);
  const queues = new KeyedQueues(LIMITS.keyedQueueDepth);
  return new Server({
    services: {
      threads,
      sections,
      idle: new IdleThreads({ threads, router, queues, clock, diagnostics }),
      queues,
      router,
      requests,
      diagnostics,
      files: clientFiles,
      clientRunner,
      commandEnvironment: ports.host.environment,
      commands,
      processes: clientProcesses,
      watches: new FileWatches(clientFiles, router),
      searches,
      mcpProbes,
      clock,
      ids,
      configuration,
      accounts: new LocalAccounts(credentials, models),
      guidance,
      legacyEvents: options.legacyEvents ?? false,
      identity: {
        version: VERSION,
        home,
        ...localPlatform(environment),
        sessionSource: options.sessionSource ?? 'vscode',
        resolvePath: (path) => resolve(cwd, path),
      },
    },
    shutdownGraceMs: options.shutdownGraceMs ?? LIMITS.shutdownGraceMs,
    closeSteps: [
      { name: 'flush the store', run: () => store.close() },
      {
        name: 'end file searches',
        run: async () => void (await Promise.all([searches.close(), searcher.close()])),
      },
      {
        name: 'end processes of clients',
        run: async () => void (await Promise.all([commands.close(), clientProcesses.close()])),
      },
      { name: 'end MCP servers of no thread', run: () => mcpProbes.close() },
      { name: 'end processes', run: async () => ownProcesses?.close() },
    ],
  });
}

/** Where the caller gave a runner for agents alone, clients start nothing. */
function noClientProcesses(sandbox: SandboxStatus): ClientProcessRunner {
  const refuse = () =>
    Promise.reject(new SpawnError('failed', 'this server starts no processes for clients'));
  return { sandbox, spawn: refuse };
}
