import { z } from 'zod';
import { DynamicToolCallOutputContentItem } from './tool-call.js';
import { unknownVariant } from './value-text.js';
import type { Wire } from './wire.js';

const dynamicFunction = {
  name: z.string(),
  description: z.string(),
  /** JSON Schema of the arguments. */
  inputSchema: z.unknown(),
  /** True for a tool that the model need not see before it looks for it; only inside a namespace. */
  deferLoading: z.boolean().nullish(),
};

const dynamicToolSpec = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('function'), ...dynamicFunction }),
    z.object({
      type: z.literal('namespace'),
      name: z.string(),
      description: z.string(),
      tools: z.array(z.object({ type: z.literal('function'), ...dynamicFunction })),
    }),
    /** Older clients leave `type` out, and name the namespace beside the tool. */
    z.object({ type: z.undefined().optional(), namespace: z.string().nullish(), ...dynamicFunction }),
  ],
  {
    error: ({ code, input }) =>
      code === 'invalid_union'
        ? unknownVariant((input as { readonly type?: unknown }).type, ['function', 'namespace'])
        : undefined,
  },
);

/** A tool that the client brings along and answers itself. */
export type DynamicToolSpec = Wire<typeof dynamicToolSpec>;
export const DynamicToolSpec: z.ZodType<DynamicToolSpec, DynamicToolSpec> = dynamicToolSpec;

/** Params of `item/tool/call`: the model calls a tool that the client brought along. */
export const DynamicToolCallParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  /** Also the id of the item. */
  callId: z.string(),
  namespace: z.string().nullable(),
  tool: z.string(),
  arguments: z.unknown(),
});
export interface DynamicToolCallParams extends Wire<typeof DynamicToolCallParams> {}

/** Answer to `item/tool/call`. */
export const DynamicToolCallResponse = z.object({
  contentItems: z.array(DynamicToolCallOutputContentItem),
  success: z.boolean(),
});
export interface DynamicToolCallResponse extends Wire<typeof DynamicToolCallResponse> {}
