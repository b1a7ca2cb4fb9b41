import type { ParsedParams, SessionSource, Thread, ThreadSourceKind } from '@millrace/protocol';

/** The sources that people work with themselves. */
const INTERACTIVE: readonly ThreadSourceKind[] = ['cli', 'vscode'];

const PLAIN_KINDS: ReadonlySet<string> = new Set(['cli', 'vscode', 'exec', 'appServer']);

/** Whether a thread is one of those that the params of `thread/list` ask for; whether it is archived is not looked at. */
export function threadFilter(params: ParsedParams<'thread/list'>): (thread: Thread) => boolean {
  const { modelProviders, sourceKinds, originators, excludedThreadIds, cwd, searchTerm } = params;
  const kinds = new Set(sourceKinds?.length ? sourceKinds : INTERACTIVE);
  const directories = typeof cwd === 'string' ? [cwd] : cwd;
  const excluded = new Set(excludedThreadIds ?? []);
  const term = searchTerm?.toLowerCase() ?? '';
  return (thread) =>
    kinds.has(kindOf(thread.source)) &&
    isAmong(thread.modelProvider, modelProviders) &&
    isAmong(thread.originator, originators) &&
    isAmong(thread.cwd, directories) &&
    !excluded.has(thread.id) &&
    `${thread.name ?? ''}\n${thread.preview}`.toLowerCase().includes(term);
}

/** An absent or empty list lets everything pass. */
function isAmong(value: string | null, wanted: readonly string[] | null | undefined): boolean {
  return !wanted?.length || (value !== null && wanted.includes(value));
}

function kindOf(source: SessionSource): ThreadSourceKind {
  if (typeof source !== 'string') return 'subAgent' in source ? 'subAgent' : 'unknown';
  return PLAIN_KINDS.has(source) ? (source as ThreadSourceKind) : 'unknown';
}
