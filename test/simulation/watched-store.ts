import { type Clock, sleep } from '@millrace/channel';
import { StoreError, type ThreadLog, type ThreadStore } from '@millrace/core/ports';
import { memoryStore } from '@millrace/store';
import type { SeededRandom } from '@millrace/testkit';

const DIRECTORY = '/threads/';

/** A store in memory that takes its time with everything, and notes when two want to write one thread (LT-1). */
export class WatchedStore implements ThreadStore {
  readonly pathOf: ThreadStore['pathOf'] = ({ id }) => `${DIRECTORY}${id}`;
  readonly read: ThreadStore['read'];
  readonly list: ThreadStore['list'];
  readonly close: ThreadStore['close'];
  readonly #store = memoryStore();
  readonly #random: SeededRandom;
  readonly #clock: Clock;
  readonly #onSecondWriter: () => void;
  #openLogs = 0;

  constructor(random: SeededRandom, clock: Clock, onSecondWriter: () => void) {
    this.#random = random;
    this.#clock = clock;
    this.#onSecondWriter = onSecondWriter;
    this.read = (threadId) => this.#store.read(threadId);
    this.list = () => this.#store.list();
    this.close = () => this.#store.close();
  }

  get openLogs(): number {
    return this.#openLogs;
  }

  async idOf(path: string): Promise<string | undefined> {
    await this.#takeTime();
    const threadId = path.slice(DIRECTORY.length);
    return (await this.#store.read(threadId)) === undefined ? undefined : threadId;
  }

  async create(meta: Parameters<ThreadStore['create']>[0]): Promise<ThreadLog> {
    await this.#takeTime();
    return this.#watch(await this.#store.create(meta));
  }

  async open(threadId: string): ReturnType<ThreadStore['open']> {
    const opened = await this.#store.open(threadId).catch((error: unknown) => this.#note(error));
    if (opened === undefined) return undefined;
    const log = this.#watch(opened.log);
    await this.#takeTime();
    return { ...opened, log };
  }

  async remove(threadId: string): Promise<boolean> {
    await this.#takeTime();
    return this.#store.remove(threadId).catch((error: unknown) => this.#note(error));
  }

  #watch(log: ThreadLog): ThreadLog {
    let isOpen = true;
    this.#openLogs += 1;
    return {
      append: (records) => log.append(records),
      sync: () => this.#takeTime().then(() => log.sync()),
      close: async () => {
        await this.#takeTime();
        await log.close();
        if (isOpen) this.#openLogs -= 1;
        isOpen = false;
      },
    };
  }

  #note(error: unknown): never {
    if (error instanceof StoreError && error.code === 'locked') this.#onSecondWriter();
    throw error;
  }

  async #takeTime(): Promise<void> {
    if (this.#random.chance(0.4)) await sleep(this.#clock, this.#random.int(1, 400));
  }
}
