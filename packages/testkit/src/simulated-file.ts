/** What a disk writes as a whole or not at all. */
const SECTOR_BYTES = 512;

/**
 * What becomes of changes that were never synced when the power goes:
 * - `dropped`: none of them is there;
 * - `torn`: they are there up to some point, which may lie between two sectors of one write;
 * - `reordered`: any of their sectors may be there, whatever their order was;
 * - `kept`: all of them are there: not the power was lost, only the process died.
 */
export type UnsyncedFate = 'dropped' | 'torn' | 'reordered' | 'kept';

type Change =
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'cut'; readonly sizeBytes: number };

/** The contents of one file: as the running system sees them, and as they are on the plates. */
export class SimulatedFile {
  readonly kind = 'file';
  #contents: Uint8Array;
  #durable: Uint8Array;
  #unsynced: Change[] = [];

  constructor(contents: Uint8Array = new Uint8Array()) {
    this.#contents = contents;
    this.#durable = contents;
  }

  get contents(): Uint8Array {
    return this.#contents;
  }

  append(bytes: Uint8Array): void {
    this.#change({ type: 'write', offset: this.#contents.length, bytes: bytes.slice() });
  }

  truncate(sizeBytes: number): void {
    this.#change({ type: 'cut', sizeBytes });
  }

  sync(): void {
    this.#durable = this.#unsynced.reduce(apply, this.#durable);
    this.#unsynced = [];
  }

  /**
   * A sync that failed, as kernels do it: the changes are still seen, count as clean, and no later sync writes them. So a later
   * sync that succeeds says nothing about them, and what is written behind them has zeros before it.
   */
  failSync(): void {
    this.#unsynced = [];
  }

  /** The file as it is found after the system died. */
  afterDeath(fate: UnsyncedFate, random: () => number): SimulatedFile {
    if (fate === 'kept') return new SimulatedFile(this.#contents);
    const pieces = this.#unsynced.flatMap(intoSectors);
    return new SimulatedFile(survivors(pieces, fate, random).reduce(apply, this.#durable));
  }

  #change(change: Change): void {
    this.#contents = apply(this.#contents, change);
    this.#unsynced.push(change);
  }
}

/** Which of the unsynced changes are found after a power loss, in their order. */
export function survivors<T>(
  changes: readonly T[],
  fate: Exclude<UnsyncedFate, 'kept'>,
  random: () => number,
): readonly T[] {
  if (fate === 'dropped') return [];
  if (fate === 'torn') return changes.slice(0, Math.floor(random() * (changes.length + 1)));
  return changes.filter(() => random() < 0.5);
}

function intoSectors(change: Change): readonly Change[] {
  if (change.type === 'cut') return [change];
  const { offset, bytes } = change;
  const sectors: Change[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + SECTOR_BYTES - ((offset + start) % SECTOR_BYTES));
    sectors.push({ type: 'write', offset: offset + start, bytes: bytes.subarray(start, end) });
    start = end;
  }
  return sectors;
}

function apply(contents: Uint8Array, change: Change): Uint8Array {
  const end = change.type === 'cut' ? change.sizeBytes : change.offset + change.bytes.length;
  const size = change.type === 'cut' ? end : Math.max(contents.length, end);
  const changed = new Uint8Array(size);
  changed.set(contents.subarray(0, size));
  if (change.type === 'write') changed.set(change.bytes, change.offset);
  return changed;
}
