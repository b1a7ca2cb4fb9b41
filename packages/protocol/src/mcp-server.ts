import { z } from 'zod';
import type { Wire } from './wire.js';

/** How much of each server a client wants to know; `toolsAndAuthOnly` leaves its resources out. */
export const McpServerStatusDetail = z.enum(['full', 'toolsAndAuthOnly']);
export type McpServerStatusDetail = Wire<typeof McpServerStatusDetail>;

/** How the connection of one thread to a server stands. */
export const McpServerConnectionStatus = z.enum([
  'notStarted',
  'starting',
  'connected',
  'authenticationRequired',
  'failed',
  'cancelled',
  'disabled',
]);
export type McpServerConnectionStatus = Wire<typeof McpServerConnectionStatus>;

/** Params of `mcpServerStatus/list`. */
export const ListMcpServerStatusParams = z.object({
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
  detail: McpServerStatusDetail.nullish(),
  /** The only server that is wanted. */
  serverName: z.string().nullish(),
  /** Answers from the connections of that thread; without one each server is started for the answer alone. */
  threadId: z.string().nullish(),
});
export interface ListMcpServerStatusParams extends Wire<typeof ListMcpServerStatusParams> {}

/** Who a server says that it is. */
export const McpServerInfo = z.object({
  name: z.string(),
  title: z.string().nullable(),
  version: z.string(),
  description: z.string().nullable(),
  icons: z.array(z.unknown()).nullable(),
  websiteUrl: z.string().nullable(),
});
export interface McpServerInfo extends Wire<typeof McpServerInfo> {}

/** A tool as its server describes it. */
export const McpTool = z.looseObject({ name: z.string(), inputSchema: z.unknown() });
export interface McpTool extends Wire<typeof McpTool> {}

/** A resource as its server describes it. */
export const McpResource = z.looseObject({ name: z.string(), uri: z.string() });
export interface McpResource extends Wire<typeof McpResource> {}

/** A family of resources as its server describes it. */
export const McpResourceTemplate = z.looseObject({ name: z.string(), uriTemplate: z.string() });
export interface McpResourceTemplate extends Wire<typeof McpResourceTemplate> {}

/** What is known of one configured server. */
export const McpServerStatus = z.object({
  name: z.string(),
  /** Null where no thread was named. */
  runtimeStatus: McpServerConnectionStatus.nullable(),
  pluginId: z.string().nullable(),
  /** Origin of a server that is reached over HTTP. */
  httpOrigin: z.string().nullable(),
  serverInfo: McpServerInfo.nullable(),
  serverCapabilities: z.unknown().nullable(),
  toolListMeta: z.unknown().nullable(),
  tools: z.record(z.string(), McpTool),
  /** Why the tools are not known; null where they are. */
  toolsError: z.string().nullable(),
  resources: z.array(McpResource),
  resourceTemplates: z.array(McpResourceTemplate),
  authStatus: z.enum(['unknown', 'unsupported', 'notLoggedIn', 'bearerToken', 'oAuth']),
});
export interface McpServerStatus extends Wire<typeof McpServerStatus> {}

/** Result of `mcpServerStatus/list`, by name. */
export const ListMcpServerStatusResponse = z.object({
  data: z.array(McpServerStatus),
  nextCursor: z.string().nullable(),
});
export interface ListMcpServerStatusResponse extends Wire<typeof ListMcpServerStatusResponse> {}

/** Params of `config/mcpServer/reload`: none. */
export const McpServerRefreshParams = z.object({});
export interface McpServerRefreshParams extends Wire<typeof McpServerRefreshParams> {}

/** Result of `config/mcpServer/reload`: nothing; each loaded thread hears of its servers. */
export const McpServerRefreshResponse = z.object({});
export interface McpServerRefreshResponse extends Wire<typeof McpServerRefreshResponse> {}

/** Params of `mcpServer/tool/call`: the client calls a tool itself, through the connection of a thread. */
export const McpServerToolCallParams = z.object({
  threadId: z.string(),
  server: z.string(),
  tool: z.string(),
  arguments: z.unknown().optional(),
  _meta: z.unknown().optional(),
});
export interface McpServerToolCallParams extends Wire<typeof McpServerToolCallParams> {}

/** Result of `mcpServer/tool/call`, as the server gave it. */
export const McpServerToolCallResponse = z.object({
  content: z.array(z.unknown()),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().nullish(),
  _meta: z.unknown().optional(),
});
export interface McpServerToolCallResponse extends Wire<typeof McpServerToolCallResponse> {}

/** Params of `mcpServer/resource/read`. */
export const McpResourceReadParams = z.object({
  /** Reads through the connection of that thread; without one the server is started for the answer alone. */
  threadId: z.string().nullish(),
  server: z.string(),
  uri: z.string(),
  originCallId: z.string().nullish(),
});
export interface McpResourceReadParams extends Wire<typeof McpResourceReadParams> {}

/** Result of `mcpServer/resource/read`. */
export const McpResourceReadResponse = z.object({
  contents: z.array(z.looseObject({ uri: z.string() })),
  originCallId: z.string().nullable(),
});
export interface McpResourceReadResponse extends Wire<typeof McpResourceReadResponse> {}

/** Params of `mcpServer/oauth/login`. */
export const McpServerOauthLoginParams = z.object({
  name: z.string(),
  scopes: z.array(z.string()).nullish(),
  timeoutSecs: z.int().nullish(),
  threadId: z.string().nullish(),
});
export interface McpServerOauthLoginParams extends Wire<typeof McpServerOauthLoginParams> {}

/** Result of `mcpServer/oauth/login`. */
export const McpServerOauthLoginResponse = z.object({
  authorizationUrl: z.string(),
  loginId: z.string().nullable(),
});
export interface McpServerOauthLoginResponse extends Wire<typeof McpServerOauthLoginResponse> {}

/** Params of `mcpServer/startupStatus/updated`. */
export const McpServerStatusUpdatedNotification = z.object({
  threadId: z.string().nullable(),
  name: z.string(),
  status: z.enum(['starting', 'ready', 'failed', 'cancelled']),
  /** Why it failed. */
  error: z.string().nullable(),
  failureReason: z.literal('reauthenticationRequired').nullable(),
});
export interface McpServerStatusUpdatedNotification extends Wire<typeof McpServerStatusUpdatedNotification> {}

/** Params of `item/mcpToolCall/progress`: what a server says while one of its tools runs. */
export const McpToolCallProgressNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  message: z.string(),
});
export interface McpToolCallProgressNotification extends Wire<typeof McpToolCallProgressNotification> {}
