import { z } from 'zod';
import type { Wire } from './wire.js';

/** The size of a terminal in characters. */
export const TerminalSize = z.object({
  rows: z.int().min(0).max(65_535),
  cols: z.int().min(0).max(65_535),
});
export interface TerminalSize extends Wire<typeof TerminalSize> {}
