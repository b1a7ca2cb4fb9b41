/**
 * Lets one run of a thread begin at a time, in the order in which they were asked for. Threads do not wait for each other.
 *
 * Memory: one entry for each thread that has a run.
 */
export class RunOrder {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Takes a place behind the runs of the thread that are not over.
   *
   * @param over Resolves when the run that takes the place is over. Must not reject.
   * @returns What to wait for; undefined when the run may begin at once.
   */
  enter(threadId: string, over: Promise<void>): Promise<void> | undefined {
    const before = this.#last.get(threadId);
    const place = over.then(() => {
      if (this.#last.get(threadId) === place) this.#last.delete(threadId);
    });
    this.#last.set(threadId, place);
    return before;
  }
}
