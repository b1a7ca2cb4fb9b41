/**
 * Leave to carry out one action, once (AP-1, AP-3).
 *
 * Whoever starts something spends the clearance for exactly that in the same tick. A clearance that is spent twice, or for
 * another action, is a bug: it throws, and nothing is started.
 */
export class Clearance {
  readonly #digest: string;
  #isSpent = false;

  /** @param digest Of the action that is allowed. */
  constructor(digest: string) {
    this.#digest = digest;
  }

  /** @param digest Of the action that is about to be carried out. */
  spend(digest: string): void {
    if (this.#isSpent) throw new Error('a clearance counts once');
    if (digest !== this.#digest) throw new Error('a clearance counts for the action that was asked for');
    this.#isSpent = true;
  }
}
