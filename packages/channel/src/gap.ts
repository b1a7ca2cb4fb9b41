import { Lagged } from './received.js';

/** Skipped events that would have stood at one place of a queue, and the groups that are behind since then. */
export class Gap<T> {
  readonly #maxGroupsListed: number;
  readonly #byKind = new Map<string, number>();
  readonly #groups = new Set<string>();
  #skipped = 0;
  /** The kind that was counted last, and how many of it are not in the map yet: most come in long runs. */
  #runKind = '';
  #runLength = 0;
  #lastGroup: string | undefined;
  /** The groups that fell behind here, each with the first of its events that was skipped. */
  readonly behind = new Map<string, T>();
  /** True once a group fell behind here that could not be remembered. */
  isOverflowing = false;

  constructor(maxGroupsListed: number) {
    this.#maxGroupsListed = maxGroupsListed;
  }

  count(kind: string, group: string | undefined): void {
    this.#skipped += 1;
    if (kind !== this.#runKind) this.#endRun(kind);
    this.#runLength += 1;
    if (group === this.#lastGroup || group === undefined) return;
    this.#lastGroup = group;
    this.#list(group);
  }

  /** Takes over everything that `later` holds: the two now stand at the same place. */
  absorb(later: Gap<T>): void {
    this.#skipped += later.#skipped;
    later.#endRun('');
    for (const [kind, count] of later.#byKind) this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + count);
    for (const group of later.#groups) this.#list(group);
    for (const [group, firstSkipped] of later.behind) this.behind.set(group, firstSkipped);
    this.isOverflowing ||= later.isOverflowing;
  }

  toLagged(): Lagged {
    this.#endRun('');
    return new Lagged(this.#skipped, this.#byKind, [...this.#groups], !this.isOverflowing);
  }

  #endRun(nextKind: string): void {
    if (this.#runLength > 0) {
      this.#byKind.set(this.#runKind, (this.#byKind.get(this.#runKind) ?? 0) + this.#runLength);
    }
    this.#runKind = nextKind;
    this.#runLength = 0;
  }

  #list(group: string): void {
    if (this.#groups.size < this.#maxGroupsListed) this.#groups.add(group);
  }
}
