import { type SimulatedFile, survivors, type UnsyncedFate } from './simulated-file.js';

export type SimulatedNode = SimulatedFile | SimulatedDirectory;

/** Names that change together: one for most operations, two for a rename. Undefined takes the name away. */
type Change = readonly (readonly [name: string, node: SimulatedNode | undefined])[];

/** The names in one directory: as the running system sees them, and as they are on the plates. */
export class SimulatedDirectory {
  readonly kind = 'directory';
  readonly #entries: Map<string, SimulatedNode>;
  readonly #durable: Map<string, SimulatedNode>;
  #unsynced: Change[] = [];

  constructor(entries: ReadonlyMap<string, SimulatedNode> = new Map()) {
    this.#entries = new Map(entries);
    this.#durable = new Map(entries);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get(name: string): SimulatedNode | undefined {
    return this.#entries.get(name);
  }

  change(change: Change): void {
    apply(this.#entries, change);
    this.#unsynced.push(change);
  }

  sync(): void {
    for (const change of this.#unsynced) apply(this.#durable, change);
    this.#unsynced = [];
  }

  /** The directory, with everything in it, as it is found after the system died. */
  afterDeath(fate: UnsyncedFate, random: () => number): SimulatedDirectory {
    return this.#afterDeath(fate, random, new Map());
  }

  /** @param seen A file with two names is one file afterwards as well. */
  #afterDeath(
    fate: UnsyncedFate,
    random: () => number,
    seen: Map<SimulatedFile, SimulatedFile>,
  ): SimulatedDirectory {
    const found = new Map(fate === 'kept' ? this.#entries : this.#durable);
    if (fate !== 'kept') for (const change of survivors(this.#unsynced, fate, random)) apply(found, change);
    for (const [name, node] of found) {
      if (node.kind === 'directory') found.set(name, node.#afterDeath(fate, random, seen));
      else {
        const file = seen.get(node) ?? node.afterDeath(fate, random);
        seen.set(node, file);
        found.set(name, file);
      }
    }
    return new SimulatedDirectory(found);
  }
}

function apply(entries: Map<string, SimulatedNode>, change: Change): void {
  for (const [name, node] of change) {
    if (node === undefined) entries.delete(name);
    else entries.set(name, node);
  }
}
