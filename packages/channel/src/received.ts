/** Marker: events are missing exactly here. */
export class Lagged {
  readonly type = 'lagged';
  /** How many are missing; at least 1. */
  readonly skipped: number;
  /** The same number, split by kind. */
  readonly byKind: ReadonlyMap<string, number>;
  /** The groups they belong to, in the order in which they were met; at most `maxGroupsListed` of them. */
  readonly groups: readonly string[];
  /**
   * False when more groups fell behind than the queue remembers. Then nothing tells which, no {@link Resynced} follows for
   * them, and the consumer has to ask for the state of every group that it knows.
   */
  readonly isComplete: boolean;

  constructor(
    skipped: number,
    byKind: ReadonlyMap<string, number>,
    groups: readonly string[],
    isComplete: boolean,
  ) {
    this.skipped = skipped;
    this.byKind = byKind;
    this.groups = groups;
    this.isComplete = isComplete;
  }
}

/** Marker: the state of a group as it was when the lag marker before it was read. Live events of the group follow. */
export class Resynced<S> {
  readonly type = 'resynced';
  readonly group: string;
  readonly snapshot: S;

  constructor(group: string, snapshot: S) {
    this.group = group;
    this.snapshot = snapshot;
  }
}

/** What a consumer reads: an event as it was offered (or merged), or a marker. Tell them apart by `instanceof`. */
export type Received<T, S> = T | Lagged | Resynced<S>;
