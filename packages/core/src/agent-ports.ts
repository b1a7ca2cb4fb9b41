import type { McpLauncher } from './mcp-launcher.js';
import type {
  Clock,
  CommandRules,
  FileSystem,
  Guidance,
  IdSource,
  ModelClient,
  ProcessRunner,
  ThreadEvents,
  ThreadQuestions,
  ThreadStore,
} from './ports.js';
import type { ThreadSections } from './thread-sections.js';

/** Everything outside the agent that it needs, composed by the runtime. */
export interface AgentPorts {
  /** The client of a provider; undefined when none of that id is configured. */
  readonly modelClient: (provider: string) => ModelClient | undefined;
  readonly store: ThreadStore;
  readonly sections: ThreadSections;
  readonly processes: ProcessRunner;
  readonly rules: CommandRules;
  readonly files: FileSystem;
  readonly guidance: Guidance;
  readonly events: ThreadEvents;
  readonly questions: ThreadQuestions;
  /** Starts the MCP servers of threads. */
  readonly mcp: McpLauncher;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly host: Host;
}

/** Facts about this machine and this program. */
export interface Host {
  /** Version of Millrace, as shown in threads. */
  readonly version: string;
  /** Absolute path of the shell that runs commands. */
  readonly shell: string;
  /** The time zone that people here live in, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Environment of commands: already without secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths that no patch writes unasked, whatever roots are writable: the home directory of this program. */
  readonly protectedPaths: readonly string[];
  /** SHA-1 of bytes as lower-case hex, for the blob names of a diff. */
  readonly sha1: (bytes: Uint8Array) => string;
  /** SHA-256 of bytes as lower-case hex, for what an approval is bound to. */
  readonly sha256: (bytes: Uint8Array) => string;
  /** Bytes in base64. */
  readonly base64: (bytes: Uint8Array) => string;
}
