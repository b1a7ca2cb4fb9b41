import { z } from 'zod';

/** When an item began and ended, in Unix milliseconds. Absent where it was not kept; `completedAtMs` is null while it is open. */
export const ITEM_TIMES = {
  startedAtMs: z.int().nullish(),
  completedAtMs: z.int().nullish(),
};

/** The times of an item that has just begun. */
export interface ItemStart {
  readonly id: string;
  readonly startedAtMs: number;
}
