import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** How a tool call stands. */
export const ToolCallStatus = z.enum(['inProgress', 'completed', 'failed']);
export type ToolCallStatus = Wire<typeof ToolCallStatus>;

/** A call of a tool of an MCP server. */
export const McpToolCallItem = z.object({
  type: z.literal('mcpToolCall'),
  id: z.string(),
  server: z.string(),
  tool: z.string(),
  status: ToolCallStatus,
  arguments: z.unknown(),
  appContext: z.looseObject({ connectorId: z.string() }).nullish(),
  mcpAppResourceUri: z.string().nullish(),
  mcpAppUi: z.looseObject({ resourceUri: z.string() }).nullish(),
  pluginId: z.string().nullish(),
  readOnlyHint: z.boolean().nullish(),
  result: z
    .object({
      content: z.array(z.unknown()),
      structuredContent: z.unknown().optional(),
      _meta: z.unknown().optional(),
    })
    .nullable(),
  error: z.object({ message: z.string() }).nullable(),
  durationMs: z.int().nullable(),
  ...ITEM_TIMES,
});
export interface McpToolCallItem extends Wire<typeof McpToolCallItem> {}

/** A call of an MCP server's tool that has just begun. */
export function newMcpToolCall(
  fields: ItemStart & Pick<McpToolCallItem, 'server' | 'tool' | 'arguments' | 'readOnlyHint'>,
): McpToolCallItem {
  return {
    type: 'mcpToolCall',
    id: fields.id,
    server: fields.server,
    tool: fields.tool,
    status: 'inProgress',
    arguments: fields.arguments,
    appContext: null,
    mcpAppUi: null,
    pluginId: null,
    readOnlyHint: fields.readOnlyHint ?? null,
    result: null,
    error: null,
    durationMs: null,
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}

/** One part of what a client's own tool gives back. */
export const DynamicToolCallOutputContentItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('inputText'), text: z.string() }),
  z.object({ type: z.literal('inputImage'), imageUrl: z.string() }),
  z.object({ type: z.literal('inputAudio'), audioUrl: z.string() }),
]);
export type DynamicToolCallOutputContentItem = Wire<typeof DynamicToolCallOutputContentItem>;

/** A call of a tool that the client brought along. */
export const DynamicToolCallItem = z.object({
  type: z.literal('dynamicToolCall'),
  id: z.string(),
  namespace: z.string().nullable(),
  tool: z.string(),
  arguments: z.unknown(),
  status: ToolCallStatus,
  contentItems: z.array(DynamicToolCallOutputContentItem).nullable(),
  success: z.boolean().nullable(),
  durationMs: z.int().nullable(),
  ...ITEM_TIMES,
});
export interface DynamicToolCallItem extends Wire<typeof DynamicToolCallItem> {}

/** A call of a client's own tool that has just begun. */
export function newDynamicToolCall(
  fields: ItemStart & Pick<DynamicToolCallItem, 'namespace' | 'tool' | 'arguments'>,
): DynamicToolCallItem {
  return {
    type: 'dynamicToolCall',
    id: fields.id,
    namespace: fields.namespace,
    tool: fields.tool,
    arguments: fields.arguments,
    status: 'inProgress',
    contentItems: null,
    success: null,
    durationMs: null,
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
