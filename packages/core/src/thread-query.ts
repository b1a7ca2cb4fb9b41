import type { SortDirection, ThreadSourceKind } from '@millrace/protocol';
import type { ThreadSummary } from './thread-summary.js';

/** Which threads are wanted, in which order, and where in that order the page begins. */
export interface ThreadQuery {
  readonly isArchived: boolean;
  /** None of these filters lets a thread pass that is not in it; an absent one lets all pass. */
  readonly sourceKinds?: readonly ThreadSourceKind[] | undefined;
  readonly modelProviders?: readonly string[] | undefined;
  readonly directories?: readonly string[] | undefined;
  readonly threadIds?: readonly string[] | undefined;
  readonly excludedIds: readonly string[];
  /** A part of the name or of the preview, in upper or lower case; empty for no such filter. */
  readonly titlePart: string;
  /** A part of the name or of anything that the user or the agent said, in upper or lower case; empty for no such filter. */
  readonly text: string;
  readonly sortKey: 'createdAt' | 'updatedAt';
  readonly direction: SortDirection;
  /** Where the page begins; from the first thread on when absent. */
  readonly after: ThreadPlace | undefined;
  /** The most threads that are wanted; at least 1. */
  readonly limit: number;
}

/** A place in a list that is sorted by time, then by id. Without an id it stands before all threads of that second. */
export interface ThreadPlace {
  /** Unix time in seconds. */
  readonly time: number;
  readonly threadId: string | undefined;
}

/** A thread that a query asked for. */
export interface FoundThread {
  readonly summary: ThreadSummary;
  /** The first text of the thread that has what the query looked for; undefined where it looked for none. */
  readonly matchedText: string | undefined;
}

/** The texts of one thread that a search looks through, in order: the name, then what was said. */
type TextsOf = (summary: ThreadSummary) => Promise<Iterable<string>>;

/**
 * Answers a query from the summaries of all threads. The texts of a thread are asked for only while the page is not full.
 *
 * Rejects with what `textsOf` rejects with.
 */
export async function selectThreads(
  summaries: Iterable<ThreadSummary>,
  query: ThreadQuery,
  textsOf: TextsOf,
): Promise<readonly FoundThread[]> {
  const passes = threadFilter(query);
  const candidates = [...summaries].filter((summary) => passes(summary) && isInPage(summary, query));
  candidates.sort((a, b) => compareThreads(a, b, query));
  if (query.text === '') return candidates.slice(0, query.limit).map(foundWithout);
  const found: FoundThread[] = [];
  for (const summary of candidates) {
    const matchedText = firstMatch(await textsOf(summary), query.text);
    if (matchedText !== undefined) found.push({ summary, matchedText });
    if (found.length === query.limit) break;
  }
  return found;
}

/** Puts two answers to one query into one. */
export function mergeFound(
  some: readonly FoundThread[],
  others: readonly FoundThread[],
  query: ThreadQuery,
): readonly FoundThread[] {
  const all = [...some, ...others].sort((a, b) => compareThreads(a.summary, b.summary, query));
  return all.slice(0, query.limit);
}

/** Matches a text wherever it stands, in upper or lower case. */
export function literalPattern(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
}

/** What a filter by a part of the title looks at. */
export function titleOf({ name, preview }: Pick<ThreadSummary, 'name' | 'preview'>): string {
  return `${name ?? ''}\n${preview}`.toLowerCase();
}

/** The time that a query sorts by, Unix time in seconds. */
export function timeOf(
  { meta, updatedAt }: ThreadSummary,
  { sortKey }: Pick<ThreadQuery, 'sortKey'>,
): number {
  return sortKey === 'createdAt' ? meta.createdAt : updatedAt;
}

const PLAIN_KINDS: ReadonlySet<string> = new Set<ThreadSourceKind>(['cli', 'vscode', 'exec', 'appServer']);

/** The kind of surface that a thread came from. */
export function sourceKindOf({ meta: { source } }: ThreadSummary): ThreadSourceKind {
  return PLAIN_KINDS.has(source) ? (source as ThreadSourceKind) : 'unknown';
}

function threadFilter(query: ThreadQuery): (summary: ThreadSummary) => boolean {
  const excluded = new Set(query.excludedIds);
  const ids = query.threadIds && new Set(query.threadIds);
  const titlePart = query.titlePart.toLowerCase();
  return (summary) => {
    const { cwd, modelProvider } = summary.settings ?? summary.meta;
    return (
      summary.isArchived === query.isArchived &&
      query.sourceKinds?.includes(sourceKindOf(summary)) !== false &&
      query.modelProviders?.includes(modelProvider) !== false &&
      query.directories?.includes(cwd) !== false &&
      ids?.has(summary.meta.id) !== false &&
      !excluded.has(summary.meta.id) &&
      titleOf(summary).includes(titlePart)
    );
  };
}

/** A place without an id includes all threads of its second. */
function isInPage(summary: ThreadSummary, query: ThreadQuery): boolean {
  const { after } = query;
  if (after === undefined) return true;
  const time = timeOf(summary, query);
  if (after.threadId === undefined && after.time === time) return true;
  const place = { time, threadId: summary.meta.id };
  return sign(query) * comparePlaces(place, after) > 0;
}

function compareThreads(a: ThreadSummary, b: ThreadSummary, query: ThreadQuery): number {
  const placeOf = (summary: ThreadSummary) => ({
    time: timeOf(summary, query),
    threadId: summary.meta.id,
  });
  return sign(query) * comparePlaces(placeOf(a), placeOf(b));
}

function comparePlaces(a: ThreadPlace, b: ThreadPlace): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.threadId === undefined || b.threadId === undefined || a.threadId === b.threadId) return 0;
  return a.threadId < b.threadId ? -1 : 1;
}

function sign({ direction }: ThreadQuery): 1 | -1 {
  return direction === 'asc' ? 1 : -1;
}

function firstMatch(texts: Iterable<string>, text: string): string | undefined {
  const pattern = literalPattern(text);
  for (const candidate of texts) if (candidate.search(pattern) !== -1) return candidate;
  return undefined;
}

function foundWithout(summary: ThreadSummary): FoundThread {
  return { summary, matchedText: undefined };
}
