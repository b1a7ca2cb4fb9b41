import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `server/diagnostics`: none. */
export const ServerDiagnosticsParams = z.object({});
export interface ServerDiagnosticsParams extends Wire<typeof ServerDiagnosticsParams> {}

/** Result of `server/diagnostics`: numbers only, nothing of what anybody said. */
export const ServerDiagnosticsResponse = z.object({
  process: z.object({
    id: z.uint32(),
    residentMemoryBytes: z.int().nonnegative().nullable(),
    /** What the system counts as the memory of this process alone; null where nobody tells. */
    physicalFootprintBytes: z.int().nonnegative().nullable(),
  }),
  /** By name; which ones there are may change with any release. */
  gauges: z.array(z.object({ name: z.string(), value: z.int().nonnegative() })),
});
export interface ServerDiagnosticsResponse extends Wire<typeof ServerDiagnosticsResponse> {}
