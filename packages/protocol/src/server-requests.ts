import type { z } from 'zod';
import {
  CommandExecutionRequestApprovalParams,
  CommandExecutionRequestApprovalResponse,
  FileChangeRequestApprovalParams,
  FileChangeRequestApprovalResponse,
} from './approval.js';
import { DynamicToolCallParams, DynamicToolCallResponse } from './dynamic-tool.js';
import { McpServerElicitationRequestParams, McpServerElicitationRequestResponse } from './mcp-elicitation.js';
import type { RequestId } from './message.js';
import {
  PermissionsRequestApprovalParams,
  PermissionsRequestApprovalResponse,
} from './permission-request.js';
import { ToolRequestUserInputParams, ToolRequestUserInputResponse } from './user-input-request.js';
import type { DeepReadonly } from './wire.js';

/** One request that the server makes of a client. All of them are `reserved` and go to the subscribers of a thread. */
export interface ServerRequestRow {
  readonly params: z.ZodType;
  readonly response: z.ZodType;
  /** True when its end is not announced by `serverRequest/resolved`: nobody shows it to a person. */
  readonly isSilent?: true;
}

/** Every request that the server makes. */
export const SERVER_REQUESTS = {
  'item/commandExecution/requestApproval': {
    params: CommandExecutionRequestApprovalParams,
    response: CommandExecutionRequestApprovalResponse,
  },
  'item/fileChange/requestApproval': {
    params: FileChangeRequestApprovalParams,
    response: FileChangeRequestApprovalResponse,
  },
  'item/permissions/requestApproval': {
    params: PermissionsRequestApprovalParams,
    response: PermissionsRequestApprovalResponse,
  },
  'item/tool/requestUserInput': {
    params: ToolRequestUserInputParams,
    response: ToolRequestUserInputResponse,
  },
  'item/tool/call': { params: DynamicToolCallParams, response: DynamicToolCallResponse, isSilent: true },
  'mcpServer/elicitation/request': {
    params: McpServerElicitationRequestParams,
    response: McpServerElicitationRequestResponse,
  },
} as const satisfies Readonly<Record<string, ServerRequestRow>>;

type Rows = typeof SERVER_REQUESTS;

/** A request that the server makes. */
export type ServerRequestMethod = keyof Rows;

/** Params of a server request. */
export type ServerRequestParams<M extends ServerRequestMethod> = DeepReadonly<z.output<Rows[M]['params']>>;

/** Answer to a server request. */
export type ServerRequestResponse<M extends ServerRequestMethod> = DeepReadonly<
  z.output<Rows[M]['response']>
>;

/** Any request of the server, as it stands on the wire. */
export type ServerRequest = {
  [M in ServerRequestMethod]: {
    readonly method: M;
    readonly id: RequestId;
    readonly params: ServerRequestParams<M>;
  };
}[ServerRequestMethod];

/** Whether a method is a request that the server makes. */
export function isServerRequestMethod(method: string): method is ServerRequestMethod {
  return Object.hasOwn(SERVER_REQUESTS, method);
}
