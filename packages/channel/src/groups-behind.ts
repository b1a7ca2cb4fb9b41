import type { Gap } from './gap.js';

/**
 * Which groups are behind, and since which gap.
 *
 * Memory: at most `limit` groups. When one more falls behind, every group that is not remembered counts as behind until
 * the gap of that moment is read: too much is skipped then, and the marker says so, but nothing is skipped unseen.
 */
export class GroupsBehind<T> {
  readonly #limit: number;
  readonly #gaps = new Map<string, Gap<T>>();
  #overflow: Gap<T> | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True while no group is behind. */
  get isEmpty(): boolean {
    return this.#gaps.size === 0 && this.#overflow === undefined;
  }

  /** The gap into which the events of this group count; `undefined` when it is not behind. */
  gapOf(group: string): Gap<T> | undefined {
    return this.#gaps.get(group) ?? this.#overflow;
  }

  /** The group, which was not behind, is so from this gap on. */
  add(group: string, gap: Gap<T>, firstSkipped: T): void {
    if (this.#gaps.size < this.#limit) {
      this.#gaps.set(group, gap);
      gap.behind.set(group, firstSkipped);
      return;
    }
    this.#overflow = gap;
    gap.isOverflowing = true;
  }

  /** `absorbed` has become a part of `gap`. */
  repoint(absorbed: Gap<T>, gap: Gap<T>): void {
    for (const group of absorbed.behind.keys()) this.#gaps.set(group, gap);
    if (this.#overflow === absorbed) this.#overflow = gap;
  }

  /** The gap was read: its groups are live again. */
  release(gap: Gap<T>): void {
    for (const group of gap.behind.keys()) this.#gaps.delete(group);
    if (this.#overflow === gap) this.#overflow = undefined;
  }

  clear(): void {
    this.#gaps.clear();
    this.#overflow = undefined;
  }
}
