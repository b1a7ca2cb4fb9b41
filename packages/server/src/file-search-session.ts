import type { FileMatch, FileNames } from '@millrace/core/ports';
import { type FuzzyFileSearchResult, LIMITS } from '@millrace/protocol';

/** What a session tells, in the order in which it happens. */
export interface FileSearchListener {
  /** The best matches so far. */
  readonly onFound: (files: readonly FuzzyFileSearchResult[]) => void;
  /** What was told last is all there is. */
  readonly onCompleted: () => void;
}

/** Names that are read once, and the query that is looked for in them. */
export class FileSearchSession {
  readonly #names: FileNames;
  #query = new AbortController();

  constructor(names: FileNames) {
    this.#names = names;
  }

  /**
   * Looks for a query from now on, in place of the one before it, which tells nothing more. While names are still being read it tells
   * again and again. Resolves when everything is told or another query came; never rejects because of that.
   */
  async look(query: string, { onFound, onCompleted }: FileSearchListener): Promise<void> {
    const { signal } = this.#newQuery();
    for (let isComplete = false; !isComplete; ) {
      await this.#names.grown();
      if (signal.aborted) return;
      isComplete = this.#names.isComplete;
      const files = await this.#search(query, signal);
      if (files === undefined) return;
      onFound(files);
    }
    onCompleted();
  }

  /** The best matches once everything is read; undefined when another query came, or the session was closed. */
  async find(query: string): Promise<readonly FuzzyFileSearchResult[] | undefined> {
    const { signal } = this.#newQuery();
    while (!this.#names.isComplete && !signal.aborted) await this.#names.grown();
    return this.#search(query, signal);
  }

  /** Ends the query and the reading. Idempotent. */
  close(): void {
    this.#query.abort();
    this.#names.close();
  }

  #newQuery(): AbortController {
    this.#query.abort();
    this.#query = new AbortController();
    return this.#query;
  }

  async #search(query: string, signal: AbortSignal): Promise<readonly FuzzyFileSearchResult[] | undefined> {
    try {
      const matches = await this.#names.search(query, LIMITS.fileSearchResults, signal);
      return signal.aborted ? undefined : matches.map(toResult);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}

function toResult({ root, path, fileName, isDirectory, score, indices }: FileMatch): FuzzyFileSearchResult {
  return {
    root,
    path,
    match_type: isDirectory ? 'directory' : 'file',
    file_name: fileName,
    score,
    indices,
  };
}
