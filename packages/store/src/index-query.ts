import type { ThreadQuery } from '@millrace/core/ports';

/** Sorts after every thread id. */
const AFTER_ALL_IDS = '~';

/** The page of a query: as many rows as it wants, in its order. Filters that are null let everything pass. */
export function selectionFor({ sortKey, direction }: ThreadQuery): string {
  const time = sortKey === 'createdAt' ? 'created_at' : 'updated_at';
  const comparison = direction === 'asc' ? '>' : '<';
  return `SELECT no, summary FROM thread
WHERE summary IS NOT NULL AND archived = ? AND (${time}, id) ${comparison} (?, ?)
${['source_kind', 'model_provider', 'cwd', 'id', 'no'].map(filterOf).join('\n')}
AND id NOT IN (SELECT value FROM json_each(?)) AND (? = '' OR instr(title, ?) > 0)
ORDER BY ${time} ${direction}, id ${direction} LIMIT ?`;
}

function filterOf(column: string): string {
  return `AND (? IS NULL OR ${column} IN (SELECT value FROM json_each(?)))`;
}

/** The values of {@link selectionFor}, in its order. A place without an id stands before all threads of its second. */
export function selectionValues(
  query: ThreadQuery,
  numbers: readonly number[] | null,
): readonly (string | number | null)[] {
  const isAscending = query.direction === 'asc';
  const { time, threadId } = query.after ?? {
    time: isAscending ? -1 : Number.MAX_SAFE_INTEGER,
    threadId: '',
  };
  const titlePart = query.titlePart.toLowerCase();
  const lists = [query.sourceKinds, query.modelProviders, query.directories, query.threadIds, numbers];
  return [
    query.isArchived ? 1 : 0,
    time,
    threadId ?? (isAscending ? '' : AFTER_ALL_IDS),
    ...lists.map((list) => (list ? JSON.stringify(list) : null)).flatMap((list) => [list, list]),
    JSON.stringify(query.excludedIds),
    titlePart,
    titlePart,
    query.limit,
  ];
}
