const OPEN = '<proposed_plan>';
const CLOSE = '</proposed_plan>';

/** Characters of a line that are held back while it may become a tag: the tag and some space around it. */
const HELD_BACK_MAX = CLOSE.length + 32;

/** A piece of what the model says in plan mode. */
export type PlanPiece =
  | { readonly type: 'message' | 'plan'; readonly text: string }
  | { readonly type: 'opened' | 'closed' };

/**
 * Tells the plan from the rest of a message while it streams. A plan stands between two lines of their own, `<proposed_plan>` and
 * `</proposed_plan>`; a tag inside a line is text like any other.
 *
 * However the text is cut, the pieces add up to the same. Memory: the beginning of one line, while it may become a tag.
 */
export class PlanSplitter {
  #isInside = false;
  /** The beginning of a line that may yet become the tag. */
  #held = '';
  /** True in a line that cannot become a tag any more. */
  #isPlain = false;

  write(delta: string): PlanPiece[] {
    const pieces: PlanPiece[] = [];
    for (let start = 0; start < delta.length; ) {
      const lineEnd = delta.indexOf('\n', start);
      const end = lineEnd === -1 ? delta.length : lineEnd + 1;
      this.#take(delta.slice(start, end), pieces);
      start = end;
    }
    return pieces;
  }

  /** What was held back at the end of the message; a plan that was left open is closed. */
  end(): PlanPiece[] {
    const pieces: PlanPiece[] = [];
    if (this.#held !== '') this.#endLine(pieces);
    if (this.#isInside) this.#toggle(pieces);
    return pieces;
  }

  /** Takes the next part of a line, at most up to its end. */
  #take(part: string, pieces: PlanPiece[]): void {
    const isWhole = part.endsWith('\n');
    if (this.#isPlain) this.#emit(part, pieces);
    else {
      this.#held += part;
      if (isWhole) this.#endLine(pieces);
      else if (!this.#mayBeTag()) this.#release(pieces);
    }
    if (isWhole) this.#isPlain = false;
  }

  #endLine(pieces: PlanPiece[]): void {
    if (this.#held.length <= HELD_BACK_MAX && this.#held.trim() === this.#tag) {
      this.#held = '';
      this.#toggle(pieces);
    } else this.#release(pieces);
  }

  #mayBeTag(): boolean {
    if (this.#held.length > HELD_BACK_MAX) return false;
    return this.#tag.startsWith(this.#held.trimStart()) || this.#held.trim() === this.#tag;
  }

  get #tag(): string {
    return this.#isInside ? CLOSE : OPEN;
  }

  #release(pieces: PlanPiece[]): void {
    this.#emit(this.#held, pieces);
    this.#held = '';
    this.#isPlain = true;
  }

  #toggle(pieces: PlanPiece[]): void {
    this.#isInside = !this.#isInside;
    pieces.push({ type: this.#isInside ? 'opened' : 'closed' });
  }

  #emit(text: string, pieces: PlanPiece[]): void {
    pieces.push({ type: this.#isInside ? 'plan' : 'message', text });
  }
}

/** A whole message in its two parts; `plan` is undefined where there is none, and the last one where there are several. */
export function splitPlan(text: string): { readonly message: string; readonly plan: string | undefined } {
  const splitter = new PlanSplitter();
  let message = '';
  let plan: string | undefined;
  for (const piece of [...splitter.write(text), ...splitter.end()]) {
    if (piece.type === 'opened') plan = '';
    else if (piece.type === 'message') message += piece.text;
    else if (piece.type === 'plan') plan += piece.text;
  }
  return { message, plan };
}
