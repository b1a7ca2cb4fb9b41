import type { ThreadSection } from '@millrace/protocol';

/** A section with the threads that are in it, in their order. */
export interface KeptSection extends ThreadSection {
  readonly threads: readonly SectionedThread[];
}

export interface SectionedThread {
  readonly threadId: string;
  /** Unix time in seconds. */
  readonly enteredAt: number;
}

/** Keeps the sections that a user has made of their threads. */
export interface SectionStore {
  /** What is kept, oldest section first; undefined where nothing ever was. Rejects with `StoreError`. */
  read(): Promise<readonly KeptSection[] | undefined>;
  /** Replaces what is kept. Resolves when it is on disk; rejects with `StoreError`, and then what was kept before is. */
  write(sections: readonly KeptSection[]): Promise<void>;
}
