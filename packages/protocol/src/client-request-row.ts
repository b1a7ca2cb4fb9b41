import type { z } from 'zod';
import type { SerializationKey } from './serialization-key.js';

/** One request that clients make. */
export interface ClientRequestRow {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Which requests it waits for; absent for those that run at once. */
  readonly key?: SerializationKey;
  /** True when absent or null params count as `{}`. */
  readonly paramsOptional?: true;
  /** True when the method needs the capability `experimentalApi`. */
  readonly experimental?: true;
  /** How error texts call the params, where that does not follow from the method. */
  readonly struct?: string;
  /** Fields of the params that need the capability `experimentalApi`. */
  readonly experimentalFields?: readonly string[];
  /** What is not done of what the protocol says of it, as a sentence; absent where nothing is. Shown in `docs/protocol.md`. */
  readonly partial?: string;
}
