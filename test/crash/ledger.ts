/** An item as clients see it, as far as it is looked at. */
export interface ToldItem {
  readonly id: string;
  readonly type: string;
  readonly text?: string;
  readonly content?: readonly { readonly text?: string }[];
}

/** What a client was told of one turn. */
export interface ToldTurn {
  readonly turnId: string;
  /** The items that were told to be complete, by id, in the order in which they were told. */
  readonly items: Map<string, ToldItem>;
  /** How it ended; undefined while nobody said that it did. */
  status: string | undefined;
}

/** What a client was told of one thread, by any of the servers that kept it. */
export class ThreadLedger {
  readonly threadId: string;
  readonly label: string;
  /** Turns whose start was answered, oldest first. */
  readonly turns = new Map<string, ToldTurn>();
  /** Turns that were asked for, so that each says something of its own. */
  askedTurns = 0;
  /** Names that were sent, oldest first; from the last acknowledged one on, the thread may have any of them. */
  readonly names: string[] = [];
  /** How many of the names were acknowledged, from the start. */
  acknowledgedNames = 0;
  /** Texts whose injection was acknowledged, oldest first. */
  readonly injected: string[] = [];

  constructor(threadId: string, label: string) {
    this.threadId = threadId;
    this.label = label;
  }

  /** The turns whose end was told. Everything of them has to stay. */
  get acknowledged(): readonly ToldTurn[] {
    return [...this.turns.values()].filter(({ status }) => status !== undefined);
  }

  /** False where nothing was ever promised: then it may be gone. */
  get isPromised(): boolean {
    return this.acknowledged.length > 0 || this.injected.length > 0;
  }

  /** Whether a thread may have that name, with everything that was sent and answered. */
  allowsName(name: string | null): boolean {
    const allowed = this.names.slice(Math.max(0, this.acknowledgedNames - 1));
    return name === null ? this.acknowledgedNames === 0 : allowed.includes(name);
  }

  /** The texts that every later question to the model has to have, oldest first. */
  get promisedTexts(): readonly string[] {
    return this.acknowledged.flatMap((turn) =>
      [...turn.items.values()].flatMap((item) => promisedText(item, turn)),
    );
  }
}

/** What the user said stays, and what the model said to its end: a model is not given its half sentences again. */
function promisedText({ type, text, content }: ToldItem, { status }: ToldTurn): readonly string[] {
  if (type === 'userMessage') return [content?.map((part) => part.text ?? '').join('') ?? ''];
  return type === 'agentMessage' && status === 'completed' && text !== undefined ? [text] : [];
}

/** What is said where a promise was broken. */
export interface Violation {
  readonly kind:
    | 'lost'
    | 'unopened'
    | 'invalid history'
    | 'wrong index'
    | 'left running'
    | 'ran without leave'
    | 'hang';
  readonly detail: string;
}

/** Everything that clients were told in one home. */
export class Ledger {
  readonly threads = new Map<string, ThreadLedger>();
  readonly violations: Violation[] = [];
  /** Commands that somebody who was asked said yes to, by the id of their item. */
  readonly accepted = new Set<string>();
  /** Turns whose end was told. */
  acknowledgedTurns = 0;
  /** Requests with a promise to keep something that were answered. */
  acknowledgedRequests = 0;

  add(thread: ThreadLedger): void {
    this.threads.set(thread.threadId, thread);
  }

  blame(kind: Violation['kind'], detail: string): void {
    this.violations.push({ kind, detail });
  }

  thread(label: string): ThreadLedger | undefined {
    return [...this.threads.values()].find((thread) => thread.label === label);
  }
}
