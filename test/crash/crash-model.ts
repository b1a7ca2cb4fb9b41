import {
  type RecordedRequest,
  type ResponsesReply,
  type SeededRandom,
  type WireEvent,
  wire,
} from '@millrace/testkit';
import type { Ledger, ThreadLedger } from './ledger.js';

/** What the user says: the label of the thread, the number of the turn, and what the turn does. */
export type TurnKind = (typeof TURN_KINDS)[number];

/** Saying something, running one command, several, one that does not end, one that is left running. */
export const TURN_KINDS = ['say', 'say', 'run', 'run', 'chain', 'hang', 'leave'] as const;

const SAID = /^(?<label>L\d+) T(?<turn>\d+) (?<kind>\w+)$/;

/** Milliseconds that a response may pause between two events. */
const PAUSE_LIMIT_MS = 3;

/** An item of a request, as it arrives. */
interface InputItem {
  readonly type: string;
  readonly role?: string;
  readonly call_id?: string;
  readonly content?: readonly { readonly text?: string }[];
}

/**
 * A model that answers by what was said last, and checks every history that it is given: each call has exactly one output, after it,
 * and everything that was acknowledged is there in its order.
 */
export class CrashModel {
  readonly #ledger: Ledger;
  readonly #random: SeededRandom;
  #calls = 0;
  #repaired = 0;

  constructor(ledger: Ledger, random: SeededRandom) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Outputs that stood for calls which a crash had cut off, counted in every request that had them. */
  get repairedCalls(): number {
    return this.#repaired;
  }

  readonly reply = ({ body }: RecordedRequest): ResponsesReply => {
    const { input } = body as { readonly input: readonly InputItem[] };
    const lastSaid = input.findLastIndex((item) => SAID.test(textOf(item)));
    const said = SAID.exec(textOf(input[lastSaid]))?.groups;
    if (said === undefined) return { status: 400, body: { error: { message: 'nobody said anything' } } };
    const { label = '', turn = '', kind = '' } = said;
    this.#check(input, label);
    const calls = input.slice(lastSaid).filter(({ type }) => type === 'function_call');
    const rounds = new Set(calls.map(({ call_id: callId }) => callId?.split('.')[0])).size;
    return { events: this.#withPauses(this.#events(`${label}-${turn}`, kind, rounds)) };
  };

  #events(name: string, kind: string, round: number): readonly WireEvent[] {
    const response = (...parts: (readonly WireEvent[])[]): readonly WireEvent[] => [
      wire.created(),
      ...parts.flat(),
      wire.completed(),
    ];
    if (round < ROUNDS[kind as TurnKind]) {
      this.#calls += 1;
      const callId = `call-${name}-${this.#calls}`;
      const calls = kind === 'chain' && round === 1 ? 2 : 1;
      return response(...Array.from({ length: calls }, (_, index) => command(`${callId}.${index}`, kind)));
    }
    const words = Array.from({ length: this.#random.int(1, 12) }, (_, index) => `word-${index} `);
    return response(wire.message([`done ${name} `, ...words], `msg_${name}`));
  }

  #withPauses(events: readonly WireEvent[]): (WireEvent | Promise<unknown>)[] {
    let atMs = 0;
    return events.flatMap((event) => {
      const pauseMs = Math.max(0, this.#random.int(-PAUSE_LIMIT_MS, PAUSE_LIMIT_MS));
      atMs += pauseMs;
      return pauseMs === 0 ? [event] : [event, pause(atMs)];
    });
  }

  #check(input: readonly InputItem[], label: string): void {
    const open = new Set<string>();
    const seen = new Set<string>();
    for (const { type, call_id: callId = '' } of input) {
      if (type === 'function_call') {
        if (seen.has(callId)) this.#ledger.blame('invalid history', `${label}: ${callId} is there twice`);
        seen.add(callId);
        open.add(callId);
      }
      if (type === 'function_call_output' && !open.delete(callId))
        this.#ledger.blame('invalid history', `${label}: an output without a call, ${callId}`);
    }
    for (const callId of open) this.#ledger.blame('invalid history', `${label}: ${callId} has no output`);
    this.#repaired += input.filter((item) => item.type === 'function_call_output' && isAborted(item)).length;
    const thread = this.#ledger.thread(label);
    if (thread !== undefined) this.#checkTexts(input.map(textOf), thread);
  }

  #checkTexts(texts: readonly string[], { label, promisedTexts, injected }: ThreadLedger): void {
    let from = 0;
    for (const text of promisedTexts) {
      const found = texts.indexOf(text, from);
      if (found === -1) this.#ledger.blame('lost', `${label}: the model is not told ${JSON.stringify(text)}`);
      else from = found + 1;
    }
    for (const text of injected) {
      if (!texts.includes(text)) this.#ledger.blame('lost', `${label}: ${JSON.stringify(text)} was injected`);
    }
  }
}

function command(callId: string, kind: string): readonly WireEvent[] {
  const isLong = kind === 'hang' || kind === 'leave';
  const cmd = `echo x >> 'ran-${callId}'${isLong ? '; sleep 600' : ''}`;
  const yieldMs = kind === 'leave' ? 250 : 30_000;
  return wire.functionCall('exec_command', { cmd, login: false, yield_time_ms: yieldMs }, callId);
}

/** How often the model asks for commands before it says that it is done. */
const ROUNDS = { say: 0, run: 1, chain: 3, hang: 1, leave: 1 } as const satisfies Record<TurnKind, number>;

function textOf(item: InputItem | undefined): string {
  return item?.content?.map(({ text }) => text ?? '').join('') ?? '';
}

function isAborted(item: InputItem): boolean {
  return 'output' in item && item.output === 'aborted';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
