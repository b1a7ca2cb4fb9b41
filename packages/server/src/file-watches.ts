import type { ClientFiles, FileWatch } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { Connection } from './connection.js';
import { told } from './file-error.js';
import type { OutboundRouter } from './outbound-router.js';
import { invalidRequest, overloaded } from './rpc-error.js';

/**
 * What clients watch. A watch belongs to one connection, tells that one only, and ends with it.
 *
 * Memory: at most `LIMITS.fileWatches` watches a connection.
 */
export class FileWatches {
  readonly #files: ClientFiles;
  readonly #router: OutboundRouter;
  /** By connection and id; undefined while a watch is being set up, which holds its place. */
  readonly #watches = new Map<Connection, Map<string, FileWatch | undefined>>();

  constructor(files: ClientFiles, router: OutboundRouter) {
    this.#files = files;
    this.#router = router;
  }

  /**
   * Begins a watch and returns the path that is watched, symbolic links resolved.
   *
   * @throws {RpcError} `invalidRequest` for an id that is taken, `overloaded` for too many, `failed` with the platform's reason.
   */
  async watch(connection: Connection, watchId: string, path: string): Promise<string> {
    const own = this.#of(connection);
    if (own.has(watchId)) throw invalidRequest(`watchId already exists: ${watchId}`);
    if (own.size >= LIMITS.fileWatches) throw overloaded('file watches');
    own.set(watchId, undefined);
    try {
      const watch = await told(
        this.#files.watch(path, (changedPaths) =>
          this.#router.tell(connection, 'fs/changed', { watchId, changedPaths }),
        ),
      );
      if (this.#watches.get(connection) === own) own.set(watchId, watch);
      else watch.close();
      return watch.path;
    } catch (error) {
      own.delete(watchId);
      throw error;
    }
  }

  /** Ends a watch. An id that is not in use is ignored. */
  unwatch(connection: Connection, watchId: string): void {
    const own = this.#watches.get(connection);
    own?.get(watchId)?.close();
    own?.delete(watchId);
    if (own?.size === 0) this.#watches.delete(connection);
  }

  /** The connection is closed: its watches end, also those that are being set up. */
  disconnect(connection: Connection): void {
    for (const watch of this.#watches.get(connection)?.values() ?? []) watch?.close();
    this.#watches.delete(connection);
  }

  #of(connection: Connection): Map<string, FileWatch | undefined> {
    let own = this.#watches.get(connection);
    if (own === undefined) {
      own = new Map();
      this.#watches.set(connection, own);
    }
    return own;
  }
}
