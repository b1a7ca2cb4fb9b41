import { type GitInfo, LIMITS, type ThreadReadState } from '@millrace/protocol';
import { textOf } from './message-text.js';
import type { Settings } from './settings.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';

/** What a list shows of a thread: nothing that grows with what was said in it. */
export interface ThreadSummary {
  readonly meta: ThreadMeta;
  /** What it ran with last; undefined where no record says so. */
  readonly settings: Settings | undefined;
  readonly name: string | null;
  /** The commit it is about, as clients said; null while nobody did. */
  readonly gitInfo: GitInfo | null;
  /** An archived thread is not loaded before it is taken out again. */
  readonly isArchived: boolean;
  /** The beginning of the first message of the user; empty before there is one. */
  readonly preview: string;
  /** Unix time in seconds of the last turn's end or start. */
  readonly updatedAt: number;
  readonly readState: ThreadReadState | undefined;
}

/** The summary of a thread of which nothing more is known. */
export function newSummary(meta: ThreadMeta): ThreadSummary {
  return {
    meta,
    settings: undefined,
    name: null,
    gitInfo: null,
    isArchived: false,
    preview: '',
    updatedAt: meta.createdAt,
    readState: undefined,
  };
}

/** The summary after one more record of the thread; the same one where the record changes nothing of it. */
export function foldSummary(summary: ThreadSummary, record: ThreadRecord): ThreadSummary {
  switch (record.type) {
    case 'settings':
      return { ...summary, settings: record.settings };
    case 'name':
      return { ...summary, name: record.name };
    case 'gitInfo':
      return { ...summary, gitInfo: record.gitInfo };
    case 'archived':
      return { ...summary, isArchived: record.isArchived };
    case 'readState':
      return { ...summary, readState: record.readState };
    case 'turnStarted':
      return { ...summary, updatedAt: record.startedAt };
    case 'turnEnded':
      return { ...summary, updatedAt: record.completedAt ?? summary.updatedAt };
    case 'item':
      if (summary.preview !== '' || record.item.type !== 'userMessage') return summary;
      return { ...summary, preview: previewOf(textOf(record.item.content)) };
    default:
      return summary;
  }
}

/** The summary in what is known of a thread, without the rest. */
export function summaryOf(thread: ThreadSummary): ThreadSummary {
  const { meta, settings, name, gitInfo, isArchived, preview, updatedAt, readState } = thread;
  return { meta, settings, name, gitInfo, isArchived, preview, updatedAt, readState };
}

/** The beginning of a text, as lists show it. */
export function previewOf(text: string): string {
  return text.slice(0, LIMITS.previewChars);
}
