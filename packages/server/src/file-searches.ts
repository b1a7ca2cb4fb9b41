import { TaskGroup } from '@millrace/channel';
import type { FileSearcher } from '@millrace/core/ports';
import { type FuzzyFileSearchResult, LIMITS } from '@millrace/protocol';
import type { Connection } from './connection.js';
import type { Diagnostics } from './diagnostics.js';
import { FileSearchSession } from './file-search-session.js';
import type { OutboundRouter } from './outbound-router.js';
import { invalidRequest, overloaded, RpcError } from './rpc-error.js';

export interface FileSearchesOptions {
  readonly searcher: FileSearcher;
  readonly router: OutboundRouter;
  readonly diagnostics: Diagnostics;
}

/**
 * What clients search for among the names of files. A search belongs to one connection, tells that one only, and ends with it.
 *
 * Memory: at most `LIMITS.fileSearches` lists of names in the whole server.
 */
export class FileSearches {
  readonly #options: FileSearchesOptions;
  /** Sessions by connection and id, and single searches by a key that no session has. */
  readonly #sessions = new Map<Connection, Map<string, FileSearchSession>>();
  readonly #tasks: TaskGroup;
  #nextSearch = 0;

  constructor(options: FileSearchesOptions) {
    this.#options = options;
    this.#tasks = new TaskGroup({
      onFailure: ({ error }) => options.diagnostics.emit('fault', { where: 'file search', error }),
    });
  }

  /**
   * Searches once. Finds nothing when a later search with the same token came, or the connection closed.
   *
   * @throws {RpcError} `overloaded` for too many searches, `invalidRequest` for a query or roots beyond the limits.
   */
  async searchOnce(
    connection: Connection,
    query: string,
    { roots, token }: { readonly roots: readonly string[]; readonly token: string | undefined },
  ): Promise<readonly FuzzyFileSearchResult[]> {
    checkQuery(query);
    if (query === '' || roots.length === 0) return [];
    const key = token === undefined ? `search:${this.#nextSearch++}` : `token:${token}`;
    const session = this.#open(connection, key, roots);
    try {
      return (await session.find(query)) ?? [];
    } finally {
      this.#close(connection, key, session);
    }
  }

  /**
   * Begins a session, in place of one with the same id. {@link look} makes it tell.
   *
   * @throws {RpcError} like {@link searchOnce}, and for an empty id or no roots.
   */
  start(connection: Connection, sessionId: string, roots: readonly string[]): void {
    if (sessionId === '') throw invalidRequest('sessionId must not be empty');
    if (roots.length === 0) {
      const reason = 'at least one search directory is required';
      throw new RpcError('failed', `failed to start fuzzy file search session: ${reason}`);
    }
    this.#open(connection, keyOf(sessionId), roots);
  }

  /** Whether {@link look} has something to do. @throws {RpcError} `invalidRequest` for a session that is not there, or a query beyond the limit. */
  check(connection: Connection, sessionId: string, query: string): void {
    checkQuery(query);
    if (this.#find(connection, sessionId) === undefined)
      throw invalidRequest(`fuzzy file search session not found: ${sessionId}`);
  }

  /** Looks for a query in a session from now on and tells the connection what is found. Does nothing without the session. */
  look(connection: Connection, sessionId: string, query: string): void {
    const session = this.#find(connection, sessionId);
    if (session === undefined) return;
    const { router } = this.#options;
    this.#tasks.spawn('file search', () =>
      session.look(query, {
        onFound: (files) =>
          router.tell(connection, 'fuzzyFileSearch/sessionUpdated', { sessionId, query, files }),
        onCompleted: () => router.tell(connection, 'fuzzyFileSearch/sessionCompleted', { sessionId }),
      }),
    );
  }

  /** Ends a session. An id that is not in use is fine. */
  stop(connection: Connection, sessionId: string): void {
    this.#close(connection, keyOf(sessionId), this.#find(connection, sessionId));
  }

  /** The connection is closed: its searches end. */
  disconnect(connection: Connection): void {
    for (const session of this.#sessions.get(connection)?.values() ?? []) session.close();
    this.#sessions.delete(connection);
  }

  /** Ends every search and resolves when none runs. Idempotent. */
  async close(): Promise<void> {
    for (const connection of [...this.#sessions.keys()]) this.disconnect(connection);
    await this.#tasks.settled();
  }

  #find(connection: Connection, sessionId: string): FileSearchSession | undefined {
    return this.#sessions.get(connection)?.get(keyOf(sessionId));
  }

  #open(connection: Connection, key: string, roots: readonly string[]): FileSearchSession {
    if (roots.length > LIMITS.fileSearchRoots)
      throw invalidRequest(`roots hold more than ${LIMITS.fileSearchRoots} directories`);
    const own = this.#sessions.get(connection) ?? new Map<string, FileSearchSession>();
    const before = own.get(key);
    if (before === undefined && this.#count() >= LIMITS.fileSearches) throw overloaded('file searches');
    before?.close();
    const session = new FileSearchSession(this.#options.searcher.open(roots));
    own.set(key, session);
    this.#sessions.set(connection, own);
    return session;
  }

  /** Ends a session, and forgets it unless another one has taken its place. */
  #close(connection: Connection, key: string, session: FileSearchSession | undefined): void {
    session?.close();
    const own = this.#sessions.get(connection);
    if (own?.get(key) === session) own?.delete(key);
    if (own?.size === 0) this.#sessions.delete(connection);
  }

  #count(): number {
    let count = 0;
    for (const own of this.#sessions.values()) count += own.size;
    return count;
  }
}

function keyOf(sessionId: string): string {
  return `session:${sessionId}`;
}

function checkQuery(query: string): void {
  if (query.length > LIMITS.fileSearchQueryChars)
    throw invalidRequest(`query must not be longer than ${LIMITS.fileSearchQueryChars} characters`);
}
