import { newThread, type Thread as ThreadView } from '@millrace/protocol';
import type { ThreadSummary } from './thread-summary.js';

/** A thread in the words of the protocol; `rest` says what its summary does not. */
export function describeThread(summary: ThreadSummary, rest: Partial<ThreadView>): ThreadView {
  const { meta, name, gitInfo, preview, updatedAt } = summary;
  const { id, createdAt, cliVersion, originator, source, forkedFromId } = meta;
  const { cwd, model, modelProvider, effort } = summary.settings ?? { ...meta, effort: null };
  return newThread({
    id,
    forkedFromId,
    preview,
    modelProvider,
    model,
    reasoningEffort: effort,
    createdAt,
    updatedAt,
    recencyAt: updatedAt,
    cwd,
    cliVersion,
    originator,
    source,
    gitInfo,
    name,
    ...rest,
  });
}

/** A thread that is on disk only. */
export function describeStoredThread(stored: ThreadSummary, rest: Partial<ThreadView>): ThreadView {
  const notLoaded = {
    status: { type: 'notLoaded' as const },
    environments: null,
    canAcceptDirectInput: null,
  };
  return describeThread(stored, { ...notLoaded, ...rest });
}
