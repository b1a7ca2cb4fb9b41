import type { Clock } from '@millrace/channel';
import type { ThreadItem, Turn as TurnView } from '@millrace/protocol';
import type { Turn } from './turn.js';

/** The turns of a thread, oldest first: the ended ones as they were, the running one as it stands. */
export class ThreadTurns {
  readonly #ended: TurnView[] = [];
  /** Of turns whose items changed after their end: how many turns there were when that happened last. */
  readonly #changedLate = new Map<string, number>();
  readonly #clock: Pick<Clock, 'monotonic'>;
  #active: Turn | undefined;
  #activeEnded: Promise<void> = Promise.resolve();
  #lastUsedMs: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#lastUsedMs = clock.monotonic();
  }

  /** The running turn, until its end was told. */
  get active(): Turn | undefined {
    return this.#active;
  }

  /** The running turn while it can still be joined or interrupted. */
  get open(): Turn | undefined {
    return this.#active?.isOpen === true ? this.#active : undefined;
  }

  /** Settles when the running turn has ended; settled already where none runs. */
  get activeEnded(): Promise<void> {
    return this.#activeEnded;
  }

  /** Settles when the turn has ended that is ending now; undefined where none is. What comes next has to wait: it starts a turn. */
  get ending(): Promise<void> | undefined {
    return this.#active === undefined || this.#active.isOpen ? undefined : this.#activeEnded;
  }

  /** When the last turn ended, or the thread was loaded, in milliseconds of the monotonic clock; undefined while a turn runs. */
  get idleSinceMs(): number | undefined {
    return this.#active === undefined ? this.#lastUsedMs : undefined;
  }

  get isEmpty(): boolean {
    return this.#active === undefined && this.#ended.length === 0;
  }

  /** @param ended Settles when the turn has ended and {@link end} was called. */
  begin(turn: Turn, ended: Promise<void>): void {
    this.#active = turn;
    this.#activeEnded = ended;
  }

  /**
   * Ends the running turn if it is the expected one; an empty id means whichever runs. `onEnding` is called right before anybody
   * sees the end. Returns what is wrong otherwise.
   */
  interrupt(
    expectedTurnId: string,
    onEnding: () => void,
  ): 'accepted' | { readonly activeTurnId: string | undefined } {
    const turn = this.open;
    if (turn === undefined || (expectedTurnId !== '' && turn.turnId !== expectedTurnId))
      return { activeTurnId: turn?.turnId };
    turn.interrupt(onEnding);
    return 'accepted';
  }

  /** Ends whichever turn runs. Resolves when it has ended; at once where none runs. */
  interruptActive(): Promise<void> {
    this.#active?.interrupt();
    return this.#activeEnded;
  }

  /** Keeps the active turn among the ended ones. */
  end(): void {
    if (this.#active !== undefined) this.#ended.push(this.#active.full);
    this.#active = undefined;
    this.#lastUsedMs = this.#clock.monotonic();
  }

  /** Takes over turns that were read from disk. */
  restore(turns: readonly TurnView[]): void {
    this.#ended.push(...turns);
  }

  /** Replaces an item of a turn that has ended: a command that was left running reports late. */
  replaceItem(turnId: string, item: ThreadItem): void {
    const index = this.#ended.findIndex((turn) => turn.id === turnId);
    const turn = this.#ended[index];
    if (turn !== undefined) {
      this.#changedLate.set(turnId, this.#ended.length + (this.#active === undefined ? 0 : 1));
      this.#ended[index] = {
        ...turn,
        items: turn.items.map((other) => (other.id === item.id ? item : other)),
      };
    } else this.#active?.output.items.complete(item);
  }

  /** All turns with all their items. */
  all(): TurnView[] {
    return this.#active === undefined ? [...this.#ended] : [...this.#ended, this.#active.full];
  }

  /**
   * The given turn and those after it, and earlier ones that have changed since it began, with their items; all of them when it is
   * unknown or undefined.
   */
  since(turnId: string | undefined): TurnView[] {
    const turns = this.all();
    const start = Math.max(
      turns.findIndex((turn) => turn.id === turnId),
      0,
    );
    return turns.filter((turn, index) => index >= start || (this.#changedLate.get(turn.id) ?? 0) > start);
  }

  /** The running turn in full, else the last one; undefined before the first. */
  latest(): TurnView | undefined {
    return this.#active?.full ?? this.#ended.at(-1);
  }
}
