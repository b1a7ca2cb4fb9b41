import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** What a web search did. */
export const WebSearchAction = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('search'),
    query: z.string().nullable(),
    queries: z.array(z.string()).nullable(),
  }),
  z.object({ type: z.literal('openPage'), url: z.string().nullable() }),
  z.object({ type: z.literal('findInPage'), url: z.string().nullable(), pattern: z.string().nullable() }),
  z.object({ type: z.literal('other') }),
]);
export type WebSearchAction = Wire<typeof WebSearchAction>;

/** A search that the provider made. */
export const WebSearchItem = z.object({
  type: z.literal('webSearch'),
  id: z.string(),
  query: z.string(),
  action: WebSearchAction.nullable(),
  results: z.array(z.unknown()).nullish(),
  ...ITEM_TIMES,
});
export interface WebSearchItem extends Wire<typeof WebSearchItem> {}

/** An open search; its query says in a few words what it does. */
export function newWebSearch({
  id,
  startedAtMs,
  action,
}: ItemStart & { readonly action: WebSearchAction }): WebSearchItem {
  return {
    type: 'webSearch',
    id,
    query: describe(action),
    action,
    results: null,
    startedAtMs,
    completedAtMs: null,
  };
}

function describe(action: WebSearchAction): string {
  switch (action.type) {
    case 'search': {
      const [first = '', ...more] = action.queries ?? [];
      return action.query ?? (more.length > 0 ? `${first} ...` : first);
    }
    case 'openPage':
      return action.url ?? '';
    case 'findInPage':
      return action.pattern === null ? (action.url ?? '') : `'${action.pattern}' in ${action.url ?? ''}`;
    case 'other':
      return '';
  }
}
