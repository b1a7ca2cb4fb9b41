import { LIMITS } from '@millrace/protocol';
import type { Settings } from './settings.js';
import type { ThreadMeta, ThreadRecord } from './thread-record.js';
import type { StoredThread } from './thread-replay.js';
import type { ThreadFacts } from './thread-view.js';
import { type TurnInput, textOf } from './user-input.js';

/** What a thread is known by in lists: its name, the beginning of what was said, and when something last happened. */
export class ThreadProfile {
  readonly meta: ThreadMeta;
  #name: string | null = null;
  #preview = '';
  #updatedAt: number;

  constructor(meta: ThreadMeta, stored: StoredThread | undefined) {
    this.meta = meta;
    this.#name = stored?.name ?? null;
    this.#preview = stored?.preview ?? '';
    this.#updatedAt = stored?.updatedAt ?? meta.createdAt;
  }

  rename(name: string): void {
    this.#name = name;
  }

  /** Something happened. The first input becomes the preview. */
  touch(nowMs: number, input?: TurnInput): void {
    if (this.#preview === '' && input !== undefined) {
      this.#preview = textOf(input.content).slice(0, LIMITS.previewChars);
    }
    this.#updatedAt = Math.floor(nowMs / 1_000);
  }

  /** What the log of a thread begins with. */
  openingRecords(settings: Settings): ThreadRecord[] {
    const records: ThreadRecord[] = [{ type: 'settings', settings }];
    if (this.#name !== null) records.push({ type: 'name', name: this.#name });
    return records;
  }

  facts(settings: Settings): ThreadFacts {
    return {
      meta: this.meta,
      settings,
      name: this.#name,
      preview: this.#preview,
      updatedAt: this.#updatedAt,
    };
  }
}
