import { z } from 'zod';
import type { Wire } from './wire.js';

const dynamicFunction = {
  name: z.string(),
  description: z.string(),
  /** JSON Schema of the arguments. */
  inputSchema: z.unknown(),
  deferLoading: z.boolean().nullish(),
};

const dynamicToolSpec = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('namespace'),
    name: z.string(),
    description: z.string(),
    tools: z.array(z.object({ type: z.literal('function'), ...dynamicFunction })),
  }),
  /** Older clients leave `type` out. */
  z.object({ type: z.literal('function').optional(), ...dynamicFunction }),
]);

/** A tool that the client brings along and answers itself. */
export type DynamicToolSpec = Wire<typeof dynamicToolSpec>;
export const DynamicToolSpec: z.ZodType<DynamicToolSpec, DynamicToolSpec> = dynamicToolSpec;
