import type {
  CommandExecutionApprovalDecision,
  CommandExecutionRequestApprovalParams,
  FileChangeApprovalDecision,
  FileChangeRequestApprovalParams,
} from '@millrace/protocol';
import {
  CommandExecutionRequestApprovalResponse,
  FileChangeRequestApprovalResponse,
  LIMITS,
} from '@millrace/protocol';
import { type CommandPrefix, isGranted, proposedAmendment, type ScriptCommand } from './command-grant.js';
import type { QuestionOutcome, ThreadQuestions } from './ports.js';

/**
 * What came of asking. Only `accepted` lets anything run (AP-2): every other answer, no answer, and an answer that cannot be read
 * all mean no.
 */
export type Approval =
  | { readonly type: 'accepted' }
  /** A person said no; the turn goes on. */
  | { readonly type: 'declined' }
  /** A person said no and stop. */
  | { readonly type: 'cancelled' }
  /** Nobody answered in a way that counts. */
  | { readonly type: 'failed' };

/** A command that somebody is asked for. A yes inside the sandbox says nothing about the same command outside (AP-3). */
export interface AskedCommand extends ScriptCommand {
  /** True when it would run outside the sandbox. */
  readonly isEscalated: boolean;
}

interface GrantedPrefix {
  readonly prefix: CommandPrefix;
  readonly isEscalated: boolean;
}

/**
 * Asks for approvals, and remembers for the life of the thread what was granted for the session: whole commands, command
 * prefixes, and files. Never across threads.
 */
export class Approvals {
  readonly #questions: ThreadQuestions;
  readonly #commands = new Set<string>();
  readonly #prefixes: GrantedPrefix[] = [];
  readonly #files = new Set<string>();

  constructor(questions: ThreadQuestions) {
    this.#questions = questions;
  }

  /** Whether this command, in this directory, was granted for the session: as a whole, or part by part by its prefixes. */
  isCommandGranted(command: AskedCommand, cwd: string): boolean {
    const isKnown = [command.isEscalated, true].some((isEscalated) =>
      this.#commands.has(commandKey({ ...command, isEscalated }, cwd)),
    );
    return isKnown || isGranted(command, this.#prefixesFor(command));
  }

  /** The prefix whose grant would spare the next question about this command. */
  proposedPrefix(command: AskedCommand): readonly string[] | undefined {
    return proposedAmendment(command, this.#prefixesFor(command));
  }

  areFilesGranted(paths: readonly string[]): boolean {
    return paths.every((path) => this.#files.has(path));
  }

  async askCommand(
    command: AskedCommand,
    params: CommandExecutionRequestApprovalParams,
    signal: AbortSignal,
  ): Promise<Approval> {
    const outcome = await this.#questions.ask(
      params.threadId,
      'item/commandExecution/requestApproval',
      params,
      signal,
    );
    const decision = read(
      outcome,
      (result) => CommandExecutionRequestApprovalResponse.safeParse(result).data?.decision,
    );
    if (decision === 'acceptForSession')
      this.#remember(this.#commands, commandKey(command, params.cwd ?? ''));
    if (typeof decision === 'object' && 'acceptWithExecpolicyAmendment' in decision) {
      this.#rememberPrefix(decision.acceptWithExecpolicyAmendment.execpolicy_amendment, command);
    }
    return verdict(decision);
  }

  async askFileChange(
    paths: readonly string[],
    params: FileChangeRequestApprovalParams,
    signal: AbortSignal,
  ): Promise<Approval> {
    const outcome = await this.#questions.ask(
      params.threadId,
      'item/fileChange/requestApproval',
      params,
      signal,
    );
    const decision = read(
      outcome,
      (result) => FileChangeRequestApprovalResponse.safeParse(result).data?.decision,
    );
    if (decision === 'acceptForSession') for (const path of paths) this.#remember(this.#files, path);
    return verdict(decision);
  }

  #remember(grants: Set<string>, grant: string): void {
    if (grants.size < LIMITS.sessionGrants) grants.add(grant);
  }

  #rememberPrefix(prefix: CommandPrefix, { isEscalated }: AskedCommand): void {
    if (prefix.length > 0 && this.#prefixes.length < LIMITS.sessionGrants)
      this.#prefixes.push({ prefix, isEscalated });
  }

  /** What was granted outside the sandbox holds inside it too, never the other way round. */
  #prefixesFor({ isEscalated }: AskedCommand): readonly CommandPrefix[] {
    return this.#prefixes
      .filter((granted) => granted.isEscalated || !isEscalated)
      .map(({ prefix }) => prefix);
  }
}

type Decision = CommandExecutionApprovalDecision | FileChangeApprovalDecision;

function read<D extends Decision>(
  outcome: QuestionOutcome,
  parse: (result: unknown) => D | undefined,
): D | undefined {
  return outcome.type === 'answered' ? parse(outcome.result) : undefined;
}

function verdict(decision: Decision | undefined): Approval {
  if (decision === undefined) return { type: 'failed' };
  if (decision === 'decline') return { type: 'declined' };
  if (decision === 'cancel') return { type: 'cancelled' };
  if (typeof decision === 'object' && !('acceptWithExecpolicyAmendment' in decision))
    return { type: 'failed' };
  return { type: 'accepted' };
}

function commandKey({ argv, isEscalated }: AskedCommand, cwd: string): string {
  return JSON.stringify([isEscalated, cwd, ...argv]);
}
