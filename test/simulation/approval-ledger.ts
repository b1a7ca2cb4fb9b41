import type { RequestId } from '@millrace/protocol';
import { InvariantViolation } from '@millrace/testkit';

/** An answer to a question, as a client sends it. Undefined for an error. */
export type Decision = unknown;

/** A question about a command, as a client read it. */
export interface CommandQuestion {
  readonly id: RequestId;
  readonly itemId: string;
  readonly script: string;
  readonly cwd: string;
}

/** A command that is being started. */
export interface StartedCommand {
  readonly script: string;
  readonly cwd: string;
  readonly isConfined: boolean;
}

/** Why a command was allowed to start. */
export type Reason = 'yes' | 'session' | 'rule' | 'policy';

interface Entry {
  readonly question: CommandQuestion;
  /** The first answer of each client that was asked; which of them came first nobody outside can know. */
  readonly answers: Map<unknown, Decision>;
  isSettled: boolean;
  isUsed: boolean;
}

/** The program of every command that asks to run outside the sandbox. */
export const ESCALATED = 'sudo';

/**
 * What clients were asked and what they answered, kept apart from the server: it says of each command that starts whether anybody
 * allowed it. It errs on the side of the server only where the order of two messages cannot be known from outside.
 */
export class ApprovalLedger {
  readonly #entries = new Map<RequestId, Entry>();
  readonly #recorded = new Set<string>();
  /** Directories whose thread may let confined commands run unasked. */
  readonly #trusting = new Set<string>();
  readonly #forSession = new Set<string>();
  readonly #rules: { readonly word: string; readonly isConfined: boolean }[] = [];
  readonly violations: InvariantViolation[] = [];
  readonly started: Reason[] = [];
  late = 0;

  get questions(): readonly CommandQuestion[] {
    return [...this.#entries.values()].map(({ question }) => question);
  }

  asked(question: CommandQuestion): void {
    if (this.#entries.has(question.id)) return;
    this.#entries.set(question.id, { question, answers: new Map(), isSettled: false, isUsed: false });
  }

  /** A client has read that the question is settled: no answer that is sent from now on may count. */
  settled(id: RequestId): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.isSettled = true;
  }

  /** A client that was asked has sent this. Only its first answer may count. */
  answered(client: unknown, id: RequestId, decision: Decision): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.isSettled || entry.answers.has(client)) {
      this.late += 1;
      return;
    }
    entry.answers.set(client, decision);
    const { script, cwd } = entry.question;
    const isConfined = isConfinedScript(script);
    if (decision === 'acceptForSession') this.#forSession.add(sessionKey({ script, cwd, isConfined }));
    const word = amendedWord(decision);
    if (word !== undefined) this.#rules.push({ word, isConfined });
  }

  /** That an answer was accepted is on disk. */
  recorded(itemId: string): void {
    this.#recorded.add(itemId);
  }

  /** From now on the thread of that directory may, or may not, let confined commands run unasked. */
  trusts(directory: string, isTrusting: boolean): void {
    if (isTrusting) this.#trusting.add(directory);
    else this.#trusting.delete(directory);
  }

  /** Notes that a command starts, and a violation where nobody allowed it. */
  starts(command: StartedCommand): void {
    const reason = this.#reason(command);
    if (reason !== undefined) this.started.push(reason);
  }

  #reason(command: StartedCommand): Reason | undefined {
    const { script, cwd, isConfined } = command;
    const directory = cwd.split('/')[1] ?? '';
    if (!isConfined && isConfinedScript(script))
      return this.#violated('AP-3', `${script} in ${cwd} left the sandbox`);
    if (isConfined && this.#trusting.has(directory)) return 'policy';
    if (this.#forSession.has(sessionKey(command))) return 'session';
    if (this.#rules.some((rule) => script.startsWith(`${rule.word} `) && (isConfined || !rule.isConfined)))
      return 'rule';
    const matching = [...this.#entries.values()].filter(
      ({ question }) => question.script === script && question.cwd === cwd,
    );
    const allowed = matching.filter(({ answers }) => [...answers.values()].some(isYes));
    if (allowed.length === 0) return this.#violated('AP-2', `${script} in ${cwd} runs, and nobody said yes`);
    const unused = allowed.find(({ isUsed }) => !isUsed);
    if (unused === undefined) return this.#violated('AP-1', `one yes started ${script} twice`);
    unused.isUsed = true;
    const { itemId } = unused.question;
    const isRecorded = allowed.some(({ question }) => this.#recorded.has(question.itemId));
    return isRecorded ? 'yes' : this.#violated('AP-4', `the yes to ${script} of ${itemId} is not on disk`);
  }

  #violated(id: string, message: string): undefined {
    this.violations.push(new InvariantViolation(id, message));
  }
}

export function isYes(decision: Decision): boolean {
  return decision === 'accept' || decision === 'acceptForSession' || amendedWord(decision) !== undefined;
}

function amendedWord(decision: Decision): string | undefined {
  if (typeof decision !== 'object' || decision === null) return undefined;
  const { acceptWithExecpolicyAmendment: amendment } = decision as {
    readonly acceptWithExecpolicyAmendment?: { readonly execpolicy_amendment: readonly string[] };
  };
  return amendment?.execpolicy_amendment[0];
}

const isConfinedScript = (script: string): boolean => !script.startsWith(ESCALATED);
const sessionKey = ({ script, cwd, isConfined }: StartedCommand): string =>
  `${script}\0${cwd}\0${isConfined}`;
