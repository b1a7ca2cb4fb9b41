import type { IdSource } from '@millrace/core/ports';
import type { SeededRandom } from '@millrace/testkit';

/** Ids that are the same for the same seed. */
export function seededIds(random: SeededRandom): IdSource {
  let count = 0;
  return {
    uuid: () => {
      count += 1;
      return `01890000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
    },
    integer: (low, high) => random.int(low, high),
  };
}
