import { randomInt } from 'node:crypto';
import type { IdSource } from '@millrace/core/ports';
import { v7 } from 'uuid';

/** Ids from the operating system's randomness. */
export const systemIds: IdSource = {
  uuid: () => v7(),
  integer: (low, high) => randomInt(low, high + 1),
};
