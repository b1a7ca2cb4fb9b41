import type { McpResource, McpResourceTemplate, McpServerInfo, McpTool } from '@millrace/protocol';

/** How an MCP server is reached and what of it is used, as `[mcp_servers.<name>]` says. */
export interface McpServerConfig {
  readonly name: string;
  readonly transport: McpTransport;
  /** False keeps the server in the configuration without ever starting it. */
  readonly isEnabled: boolean;
  /** True when no thread begins without it. */
  readonly isRequired: boolean;
  readonly startupTimeoutMs: number;
  readonly toolTimeoutMs: number;
  /** The only tools that are offered; null offers all. */
  readonly enabledTools: readonly string[] | null;
  readonly disabledTools: readonly string[];
  readonly approval: McpApprovalMode;
  /** Modes of single tools, which count over `approval`. */
  readonly toolApprovals: ReadonlyMap<string, McpApprovalMode>;
}

/** Whether a call is asked for: `auto` by what the tool says of itself, `prompt` always, `approve` never. */
export type McpApprovalMode = 'auto' | 'prompt' | 'approve';

export type McpTransport =
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      /** Variables of the server's own. May hold secrets. */
      readonly env: ReadonlyMap<string, string>;
      /** Names of variables of this process that it gets as well. */
      readonly envNames: readonly string[];
      /** Null: where the thread works. */
      readonly cwd: string | null;
    }
  | {
      readonly type: 'http';
      readonly url: string;
      /** The variable of this process that holds the bearer token; null sends none. */
      readonly bearerTokenVariable: string | null;
      /** May hold secrets. */
      readonly headers: ReadonlyMap<string, string>;
      /** Headers whose values stand in variables of this process, by name of the header. */
      readonly variableHeaders: ReadonlyMap<string, string>;
    };

/** Starts MCP servers and speaks to them. */
export interface McpLauncher {
  /** Starts a server at once, or begins to reach it; {@link McpConnection.started} says what came of it. */
  launch(config: McpServerConfig, host: McpHost): McpConnection;
}

/** What a server can ask of whoever started it. */
export interface McpHost {
  /** Absolute: where a server works that has no directory of its own. */
  readonly cwd: string;
  /** Asks the user. Never rejects. */
  elicit(question: McpQuestion): Promise<McpAnswer>;
  /** The connection is gone without {@link McpConnection.close}. */
  onLost(): void;
}

/** What a server wants to know from the user: values for a form, or a visit of an address. */
export type McpQuestion =
  | {
      readonly mode: 'form';
      readonly message: string;
      readonly requestedSchema: McpFormSchema;
      readonly meta: unknown;
    }
  | {
      readonly mode: 'url';
      readonly message: string;
      readonly url: string;
      readonly elicitationId: string;
      readonly meta: unknown;
    };

export interface McpFormSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

export type McpAnswer =
  | { readonly action: 'accept'; readonly content: Readonly<Record<string, unknown>> }
  | { readonly action: 'decline' | 'cancel' };

/** One running server. */
export interface McpConnection {
  /** Settles once; never rejects. */
  readonly started: Promise<McpStart>;
  /** The tools as the server last listed them; none before it has started. */
  readonly tools: readonly McpTool[];
  /** Rejects with {@link McpError}, or the signal's reason: then the server was told to stop. */
  callTool(call: McpCall): Promise<McpToolResult>;
  /** Rejects with {@link McpError}. */
  readResource(uri: string): Promise<readonly McpResourceContent[]>;
  /** Rejects with {@link McpError}. */
  listResources(): Promise<readonly McpResource[]>;
  /** Rejects with {@link McpError}. */
  listResourceTemplates(): Promise<readonly McpResourceTemplate[]>;
  /** Ends the server, with its process group. Idempotent; never rejects. */
  close(): Promise<void>;
}

export type McpStart =
  | {
      readonly type: 'ready';
      readonly info: McpServerInfo;
      readonly capabilities: unknown;
      /** How the server says that it is used; empty when it says nothing. */
      readonly instructions: string;
    }
  | { readonly type: 'timedOut' | 'cancelled' }
  | { readonly type: 'failed'; readonly message: string };

export interface McpCall {
  readonly tool: string;
  /** Undefined leaves the arguments out. */
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
  /** Metadata that the caller wants to send along. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  readonly signal: AbortSignal;
  /** What the server says while it works. */
  readonly onProgress?: (message: string) => void;
}

export interface McpToolResult {
  readonly content: readonly unknown[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: unknown;
}

export interface McpResourceContent {
  readonly uri: string;
  readonly [field: string]: unknown;
}

/** A server could not do what it was asked for. The message may be shown to the model and to clients. */
export class McpError extends Error {
  override readonly name = 'McpError';
  /** The code that the server answered with; undefined where it did not answer. */
  readonly code: number | undefined;

  constructor(message: string, options?: { readonly code?: number | undefined; readonly cause?: unknown }) {
    super(message, { cause: options?.cause });
    this.code = options?.code;
  }
}
