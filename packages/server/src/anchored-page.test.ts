import { describe, expect, it } from 'vitest';
import { anchoredPage, decodeCursor } from './anchored-page.js';

const SCOPE = { kind: 'turns', threadId: 'thread' } as const;
const keyOf = (entry: string): string => entry;

function page(entries: readonly string[], direction: 'asc' | 'desc', limit: number, cursor?: string | null) {
  const anchor = decodeCursor(SCOPE, cursor);
  return anchoredPage(entries, keyOf, { scope: SCOPE, anchor, direction, limit });
}

describe('a page', () => {
  it.each(['asc', 'desc'] as const)('after page gives every entry once, %s', (direction) => {
    const entries = ['a', 'b', 'c', 'd', 'e'];
    const read: string[] = [];
    let cursor: string | null | undefined;
    do {
      const next = page(entries, direction, 2, cursor);
      read.push(...(next?.data ?? []));
      cursor = next?.nextCursor;
    } while (typeof cursor === 'string');
    expect(read).toEqual(direction === 'asc' ? entries : entries.toReversed());
  });

  it('turns around at its own first entry', () => {
    const second = page(['a', 'b', 'c'], 'desc', 1, page(['a', 'b', 'c'], 'desc', 1)?.nextCursor);
    expect(second?.data).toEqual(['b']);
    expect(page(['a', 'b', 'c'], 'asc', 5, second?.backwardsCursor)?.data).toEqual(['b', 'c']);
  });

  it('is not moved by entries that were added since', () => {
    const first = page(['a', 'b', 'c'], 'desc', 1);
    expect(page(['a', 'b', 'c', 'd', 'e'], 'desc', 1, first?.nextCursor)?.data).toEqual(['b']);
  });

  it('of nothing has no cursors, and a limit of 0 counts as 1', () => {
    expect(page([], 'asc', 5)).toEqual({ data: [], nextCursor: null, backwardsCursor: null });
    expect(page(['a', 'b'], 'asc', 0)?.data).toEqual(['a']);
  });

  it('is undefined for an entry that is gone', () => {
    expect(page(['b'], 'asc', 1, page(['a', 'b'], 'asc', 1)?.nextCursor)).toBeUndefined();
  });
});

it.each([
  'bogus',
  '42',
  'null',
  '{}',
  '{"threadId":"other","kind":"turns","key":"a","includes":true}',
])('the cursor %s is refused', (cursor) => {
  expect(() => decodeCursor(SCOPE, cursor)).toThrow(`invalid cursor: ${cursor}`);
});
