import { z } from 'zod';
import { ITEM_TIMES } from './item-times.js';
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
