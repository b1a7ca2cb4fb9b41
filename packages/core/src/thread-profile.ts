import { textOf } from './message-text.js';
import type { Settings } from './settings.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import { foldSummary, newSummary, previewOf, summaryOf, type ThreadSummary } from './thread-summary.js';
import type { TurnInput } from './user-input.js';

/** What clients may say about a thread. */
export type ProfileRecord = Extract<ThreadRecord, { readonly type: 'name' | 'gitInfo' }>;

/** What a loaded thread is known by in lists: its name, the beginning of what was said, and when something last happened. */
export class ThreadProfile {
  #summary: ThreadSummary;

  /** @param stored What was on disk of a thread that was there before. */
  constructor(meta: ThreadMeta, stored: ThreadSummary | undefined) {
    this.#summary = stored === undefined ? newSummary(meta) : summaryOf(stored);
  }

  get summary(): ThreadSummary {
    return this.#summary;
  }

  apply(record: ProfileRecord): void {
    this.#summary = foldSummary(this.#summary, record);
  }

  /** Something happened. The first input becomes the preview. */
  touch(nowMs: number, input?: TurnInput): void {
    const preview = this.#summary.preview || previewOf(textOf(input?.content ?? []));
    this.#summary = { ...this.#summary, preview, updatedAt: Math.floor(nowMs / 1_000) };
  }

  /** What the log of a thread begins with. */
  openingRecords(settings: Settings): ThreadRecord[] {
    const { name, gitInfo } = this.#summary;
    const records: ThreadRecord[] = [{ type: 'settings', settings }];
    if (name !== null) records.push({ type: 'name', name });
    if (gitInfo !== null) records.push({ type: 'gitInfo', gitInfo });
    return records;
  }
}
