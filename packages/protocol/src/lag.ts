import { z } from 'zod';
import { Thread } from './thread.js';
import { Turn } from './turn.js';
import type { Wire } from './wire.js';

/** Wire name of a gap, for connections with the capability `lagMarkers`. Reserved like an end; never in the method tables. */
export const LAGGED_METHOD = 'millrace/lagged';

/** Wire name of what heals a gap, for connections with the capability `lagMarkers`. */
export const RESYNCED_METHOD = 'millrace/resynced';

/** Notifications are missing exactly here. Two of these never stand next to each other. */
export const LaggedMarker = z.object({
  /** How many, at least 1; the sum of `byMethod`. */
  skipped: z.int(),
  byMethod: z.record(z.string(), z.int()),
  /** The threads that they belonged to; each is followed by a {@link ResyncedMarker}. */
  threadIds: z.array(z.string()),
});
export interface LaggedMarker extends Wire<typeof LaggedMarker> {}

const resyncedMarker = z.object({
  threadId: z.string(),
  /** Without turns. */
  thread: Thread,
  /** Turns that ended in the gap, by id and status, oldest first; their items are not loaded. */
  turns: z.array(Turn),
  /** The running turn in full, else the last one; null when there was none. */
  activeTurn: Turn.nullable(),
});
/** The state of a thread at the moment at which its gap was read. Ends that follow may repeat what it says. */
export interface ResyncedMarker extends Wire<typeof resyncedMarker> {}
export const ResyncedMarker: z.ZodType<ResyncedMarker> = resyncedMarker;
