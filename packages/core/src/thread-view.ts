import { newThread, type Thread as ThreadView } from '@millrace/protocol';
import type { Settings } from './settings.js';
import type { ThreadMeta } from './thread-record.js';
import type { ThreadSummary } from './thread-replay.js';

/** What clients see of any thread, loaded or not. */
export interface ThreadFacts {
  readonly meta: ThreadMeta;
  readonly settings: Pick<Settings, 'cwd' | 'model' | 'modelProvider' | 'effort'>;
  readonly name: string | null;
  readonly preview: string;
  /** Unix time in seconds. */
  readonly updatedAt: number;
}

/** The thread in the words of the protocol; `rest` says what the facts do not. */
export function describeThread(facts: ThreadFacts, rest: Partial<ThreadView>): ThreadView {
  const { id, createdAt, cliVersion, originator, source, forkedFromId } = facts.meta;
  const { cwd, model, modelProvider, effort } = facts.settings;
  const { name, preview, updatedAt } = facts;
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
    name,
    ...rest,
  });
}

/** A thread that is on disk only. */
export function describeStoredThread(stored: ThreadSummary, rest: Partial<ThreadView>): ThreadView {
  const { meta, name, preview, updatedAt } = stored;
  const settings = stored.settings ?? { ...meta, effort: null };
  const notLoaded = {
    status: { type: 'notLoaded' as const },
    environments: null,
    canAcceptDirectInput: null,
  };
  return describeThread({ meta, settings, name, preview, updatedAt }, { ...notLoaded, ...rest });
}
