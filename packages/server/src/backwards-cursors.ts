import type { Turn } from '@millrace/protocol';
import { encodeCursor } from './anchored-page.js';
import { itemEntries, itemKey } from './thread-history.js';

/** Where the turns and the items of a thread can be read backwards from the newest one; null where there is none. */
export function backwardsCursors(
  threadId: string,
  turns: readonly Turn[],
): { readonly turnsBackwardsCursor: string | null; readonly itemsBackwardsCursor: string | null } {
  const turn = turns.at(-1);
  const item = itemEntries(turns).at(-1);
  const from = (kind: 'turns' | 'items', key: string) =>
    encodeCursor({ kind, threadId }, { key, includes: true });
  return {
    turnsBackwardsCursor: turn === undefined ? null : from('turns', turn.id),
    itemsBackwardsCursor: item === undefined ? null : from('items', itemKey(item)),
  };
}
