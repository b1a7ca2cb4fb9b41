import { z } from 'zod';
import type { Wire } from './wire.js';

const asked = {
  threadId: z.string(),
  /** The turn that runs while the server asks; null where none does. */
  turnId: z.string().nullable(),
  serverName: z.string(),
  /** For the approval of a tool call what it is about, under `codex_approval_kind: "mcp_tool_call"`; else as the server gave it. */
  _meta: z.unknown().nullable(),
  message: z.string(),
};

const mcpServerElicitationRequestParams = z.discriminatedUnion('mode', [
  /** Asks for values, described by a JSON Schema of an object with plain fields. */
  z.object({
    ...asked,
    mode: z.literal('form'),
    requestedSchema: z.looseObject({ type: z.literal('object') }),
  }),
  /** Asks the user to open an address. */
  z.object({ ...asked, mode: z.literal('url'), url: z.string(), elicitationId: z.string() }),
]);

/** Params of `mcpServer/elicitation/request`: an MCP server asks the user, or the server asks whether its tool may run. */
export type McpServerElicitationRequestParams = Wire<typeof mcpServerElicitationRequestParams>;
export const McpServerElicitationRequestParams: z.ZodType<McpServerElicitationRequestParams> =
  mcpServerElicitationRequestParams;

/** Answer to `mcpServer/elicitation/request`. */
export const McpServerElicitationRequestResponse = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  /** The values, where a form was accepted. */
  content: z.unknown().optional(),
  /** `{ "persist": "session" }` where a tool may run without asking for the rest of the thread. */
  _meta: z.unknown().optional(),
});
export interface McpServerElicitationRequestResponse
  extends Wire<typeof McpServerElicitationRequestResponse> {}
