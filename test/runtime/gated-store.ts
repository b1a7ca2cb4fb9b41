import { StoreError, type ThreadLog, type ThreadStore } from '@millrace/core/ports';
import { memoryStore } from '@millrace/store';

/** A store whose disk is slow or broken at the test's will. */
export class GatedStore implements ThreadStore {
  readonly pathOf: ThreadStore['pathOf'];
  readonly idOf: ThreadStore['idOf'];
  readonly open: ThreadStore['open'];
  readonly read: ThreadStore['read'];
  readonly list: ThreadStore['list'];
  readonly remove: ThreadStore['remove'];
  readonly close: ThreadStore['close'];
  readonly #store = memoryStore();
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  #isBroken = false;
  #syncs = 0;

  constructor() {
    this.pathOf = (meta) => this.#store.pathOf(meta);
    this.idOf = (path) => this.#store.idOf(path);
    this.open = (threadId) => this.#store.open(threadId);
    this.read = (threadId) => this.#store.read(threadId);
    this.list = () => this.#store.list();
    this.remove = (threadId) => this.#store.remove(threadId);
    this.close = () => this.#store.close();
  }

  /** How often a log was asked to sync. */
  get syncs(): number {
    return this.#syncs;
  }

  /** From now on no log is synced or closed before {@link openGate}. */
  closeGate(): void {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gate = { opened, open };
  }

  openGate(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** From now on every sync fails. */
  break(): void {
    this.#isBroken = true;
  }

  async create(meta: Parameters<ThreadStore['create']>[0]): Promise<ThreadLog> {
    const log = await this.#store.create(meta);
    return {
      append: (records) => log.append(records),
      close: async () => {
        await this.#gate?.opened;
        await log.close();
      },
      sync: async () => {
        this.#syncs += 1;
        await this.#gate?.opened;
        if (this.#isBroken) throw new StoreError('io', 'no space left');
        await log.sync();
      },
    };
  }
}
