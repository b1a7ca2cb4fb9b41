import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { paginate } from './page.js';

const letters = ['a', 'b', 'c', 'd', 'e'];
const page = (cursor: string | null | undefined, limit: number) =>
  paginate(letters, (letter) => letter, { cursor, limit });

describe('paginate', () => {
  it('gives every entry once, page after page', () => {
    expect(page(undefined, 2)).toEqual({ data: ['a', 'b'], nextCursor: 'b' });
    expect(page('b', 2)).toEqual({ data: ['c', 'd'], nextCursor: 'd' });
    expect(page('d', 2)).toEqual({ data: ['e'], nextCursor: null });
  });

  it('has no next page where the last one is exactly full', () => {
    expect(page(null, 5)).toEqual({ data: letters, nextCursor: null });
    expect(page('e', 5)).toEqual({ data: [], nextCursor: null });
  });

  it('takes 0 as 1, and no more than a page may hold', () => {
    expect(page(undefined, 0).data).toEqual(['a']);
    const many = Array.from({ length: LIMITS.maxPageSize + 1 }, (_, index) => String(index));
    expect(paginate(many, (entry) => entry, { cursor: null, limit: 1e9 }).data).toHaveLength(
      LIMITS.maxPageSize,
    );
  });

  it('refuses a cursor that no page gave', () => {
    expect(() => page('zzz', 1)).toThrow('invalid cursor: zzz');
  });
});
