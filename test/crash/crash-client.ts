import type { SeededRandom } from '@millrace/testkit';
import { type Message, ServerLeft, type ServerProcess } from '../conformance/server-process.js';
import { TURN_KINDS } from './crash-model.js';
import { type Ledger, ThreadLedger, type ToldItem, type ToldTurn } from './ledger.js';

/** The ways in which the threads of a world run their commands: freely, after a question, in a sandbox. */
const THREAD_KINDS = [
  { sandbox: 'danger-full-access', approvalPolicy: 'never' },
  { sandbox: 'danger-full-access', approvalPolicy: 'untrusted' },
  { sandbox: 'workspace-write', approvalPolicy: 'never' },
] as const;

/** What the reference puts into the parameters of a question. */
interface Question {
  readonly threadId: string;
  readonly itemId: string;
}

export interface CrashClientOptions {
  readonly server: ServerProcess;
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  /** Where the threads work. */
  readonly cwd: string;
}

/** A client that writes down everything it is told, until its server is killed. */
export class CrashClient {
  /** Commands that run, and questions that nobody has answered, at this moment. */
  readonly running = new Set<string>();
  readonly asked = new Set<string>();
  /** Turns that were started and not ended at this moment. */
  readonly openTurns = new Set<string>();
  readonly #options: CrashClientOptions;

  constructor(options: CrashClientOptions) {
    this.#options = options;
  }

  /** Every message of the server comes by here, in order. */
  readonly hear = ({ id, method, params }: Message): void => {
    if (method === undefined) return;
    const { threadId, turnId, turn, item } = params as {
      readonly threadId?: string;
      readonly turnId?: string;
      readonly turn?: { readonly id: string; readonly status: string };
      readonly item?: ToldItem;
    };
    const told = this.#options.ledger.threads.get(threadId ?? '')?.turns;
    if (id !== undefined) this.#decide(id, params as Question);
    else if (method === 'turn/started' && turn !== undefined && told !== undefined) this.#open(told, turn.id);
    else if (method === 'item/started' && item?.type === 'commandExecution') this.running.add(item.id);
    else if (method === 'item/completed' && item !== undefined) {
      this.running.delete(item.id);
      told?.get(turnId ?? '')?.items.set(item.id, item);
    } else if (method === 'turn/completed' && turn !== undefined) {
      this.openTurns.delete(turn.id);
      const ended = told?.get(turn.id);
      if (ended === undefined) return;
      ended.status = turn.status;
      this.#options.ledger.acknowledgedTurns += 1;
    }
  };

  async startThread(label: string): Promise<ThreadLedger> {
    const { random, cwd, ledger } = this.#options;
    const { thread } = await this.ask<{ readonly thread: { readonly id: string } }>('thread/start', {
      cwd,
      ...random.pick(THREAD_KINDS),
    });
    const told = new ThreadLedger(thread.id, label);
    ledger.add(told);
    return told;
  }

  /** Does one thing after the other with a thread until the server is gone. */
  async drive(thread: ThreadLedger): Promise<void> {
    const { ledger, random } = this.#options;
    try {
      for (;;) {
        const choice = random.int(0, 9);
        if (choice === 0) await this.#setName(thread);
        else if (choice === 1) await this.#inject(thread);
        else await this.runTurn(thread, random.pick(TURN_KINDS), random.chance(0.1));
      }
    } catch (error) {
      if (error instanceof ServerLeft) return;
      ledger.blame('hang', `${thread.label}: ${String(error)}`);
    }
  }

  /** Runs one turn to its end; with `interrupts` it is interrupted right after its first item. */
  async runTurn(thread: ThreadLedger, kind: (typeof TURN_KINDS)[number], interrupts = false): Promise<void> {
    const { threadId, label } = thread;
    const { server } = this.#options;
    const since = server.exchanges.length;
    const text = `${label} T${thread.askedTurns} ${kind}`;
    thread.askedTurns += 1;
    const { turn } = await this.ask<{ readonly turn: { readonly id: string } }>('turn/start', {
      threadId,
      input: [{ type: 'text', text }],
    });
    if (interrupts) {
      await server.until(
        'an item',
        ({ method, params }) => method === 'item/started' && isOf(turn.id, params),
        since,
      );
      await this.ask('turn/interrupt', { threadId, turnId: turn.id }).catch(ignoreTurnEnded);
    }
    const isEnd = ({ method, params }: Message): boolean =>
      method === 'turn/completed' && isOf(turn.id, params);
    await server.until(`the end of ${text}`, isEnd, since);
  }

  /** Asks and returns the result; an error of the server is thrown. */
  async ask<R>(method: string, params: unknown): Promise<R> {
    const { result, error } = await this.#options.server.request(method, params);
    if (error !== undefined) throw new RefusedError(method, error.message);
    return result as R;
  }

  #open(turns: Map<string, ToldTurn>, turnId: string): void {
    this.openTurns.add(turnId);
    turns.set(turnId, { turnId, items: new Map(), status: undefined });
  }

  /** Says yes, no, or nothing. */
  #decide(id: number | string, { itemId }: Question): void {
    const { random, ledger, server } = this.#options;
    const choice = random.int(0, 5);
    if (choice === 0) {
      this.asked.add(itemId);
      return;
    }
    const decision = choice === 1 ? 'decline' : 'accept';
    if (decision === 'accept') ledger.accepted.add(itemId);
    server.answer(id, { decision });
  }

  async #setName(thread: ThreadLedger): Promise<void> {
    thread.names.push(`${thread.label} name ${thread.names.length}`);
    const sent = thread.names.length;
    await this.ask('thread/name/set', { threadId: thread.threadId, name: thread.names.at(-1) });
    if (!thread.isPromised) return; // A thread that never began is kept by nobody.
    thread.acknowledgedNames = sent;
    this.#options.ledger.acknowledgedRequests += 1;
  }

  async #inject(thread: ThreadLedger): Promise<void> {
    const text = `${thread.label} injected ${thread.injected.length}`;
    const items = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }];
    await this.ask('thread/inject_items', { threadId: thread.threadId, items });
    thread.injected.push(text);
    this.#options.ledger.acknowledgedRequests += 1;
  }
}

/** What a server answers that does not do what it was asked. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(method: string, message: string) {
    super(`${method}: ${message}`);
  }
}

function isOf(turnId: string, params: unknown): boolean {
  const told = params as { readonly turnId?: string; readonly turn?: { readonly id: string } };
  return (told.turn?.id ?? told.turnId) === turnId;
}

/** The turn may have ended by itself. */
function ignoreTurnEnded(error: unknown): void {
  if (!(error instanceof RefusedError)) throw error;
}
