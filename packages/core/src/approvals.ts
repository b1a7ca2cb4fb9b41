import type {
  CommandExecutionApprovalDecision,
  FileChangeApprovalDecision,
  ServerRequestParams,
} from '@millrace/protocol';
import {
  CommandExecutionRequestApprovalResponse,
  FileChangeRequestApprovalResponse,
  LIMITS,
  PermissionsRequestApprovalResponse,
} from '@millrace/protocol';
import { type Action, actionDigest, type CommandAction } from './action.js';
import type { AgentPorts } from './agent-ports.js';
import { Clearance } from './clearance.js';
import { PermissionGrants } from './permission-grants.js';
import { StoreError } from './ports.js';
import type { ThreadRecord } from './thread-record.js';

/**
 * What came of asking. Only `accepted` lets anything happen (AP-2): every other answer, no answer, and an answer that cannot be
 * read all mean no.
 */
export type Approval =
  /** Somebody said yes to exactly this action, once. */
  | { readonly type: 'accepted'; readonly clearance: Clearance }
  /** A person said no; the turn goes on. */
  | { readonly type: 'declined' }
  /** A person said no and stop. */
  | { readonly type: 'cancelled' }
  /** Nobody answered in a way that counts. */
  | { readonly type: 'failed' };

/** The requests that are answered with a decision about an action. */
const DECISIONS = {
  'item/commandExecution/requestApproval': CommandExecutionRequestApprovalResponse,
  'item/fileChange/requestApproval': FileChangeRequestApprovalResponse,
} as const;

type DecisionMethod = keyof typeof DECISIONS;
type Decision = CommandExecutionApprovalDecision | FileChangeApprovalDecision;
type ApprovalMethod = DecisionMethod | 'item/permissions/requestApproval';

/** Who is asked, in which words, and for what exactly. */
export interface ApprovalRequest<M extends ApprovalMethod> {
  readonly method: M;
  readonly params: ServerRequestParams<M>;
  readonly action: Action;
}

export interface ApprovalsOptions {
  readonly ports: Pick<AgentPorts, 'questions' | 'rules' | 'host' | 'clock'>;
  readonly record: (record: ThreadRecord) => void;
  /** Resolves when everything recorded is on disk. Rejects with `StoreError`. */
  readonly sync: () => Promise<void>;
  readonly reportFault: (error: unknown) => void;
}

/**
 * Asks for approvals, and remembers for the life of the thread what was granted for the session: exact commands, files, and
 * rights. Never across threads; what is to count for all of them is a rule, and is kept as one.
 *
 * Every answer is recorded in the thread's log. An acceptance is on disk before anything that it allows is started (AP-4).
 */
export class Approvals {
  readonly permissions = new PermissionGrants();
  readonly #options: ApprovalsOptions;
  /** Digests of commands. */
  readonly #commands = new Set<string>();
  readonly #files = new Set<string>();

  constructor(options: ApprovalsOptions) {
    this.#options = options;
  }

  /** What an action is bound to. */
  digest(action: Action): string {
    return actionDigest(action, this.#options.ports.host);
  }

  /** Leave for an action that the thread's policy allows without asking, or that was granted before. */
  clear(action: Action): Clearance {
    return new Clearance(this.digest(action));
  }

  /** Whether exactly this command was granted for the session. What was granted outside a sandbox holds inside one too. */
  isCommandGranted(command: CommandAction): boolean {
    return [command, { ...command, sandbox: null }].some((known) => this.#commands.has(this.digest(known)));
  }

  areFilesGranted(paths: readonly string[]): boolean {
    return paths.every((path) => this.#files.has(path));
  }

  /**
   * Asks for an action. Rejects with `StoreError` when an acceptance could not be recorded; then nothing may be started.
   *
   * @param signal Ends the waiting with the turn (AP-5).
   */
  async ask<M extends DecisionMethod>(request: ApprovalRequest<M>, signal: AbortSignal): Promise<Approval> {
    const answer = await this.#answerTo(request, signal);
    const decision = DECISIONS[request.method].safeParse(answer).data?.decision;
    const outcome = outcomeOf(decision);
    const digest = this.digest(request.action);
    await this.#keep(request, { outcome, answer: decision ?? null, digest });
    if (outcome !== 'accepted') return { type: outcome };
    await this.#remember(request.action, decision);
    return { type: 'accepted', clearance: new Clearance(digest) };
  }

  /** Asks for rights. Undefined when nothing was granted, or nobody answered in a way that counts. Rejects like {@link ask}. */
  async askPermissions(
    request: ApprovalRequest<'item/permissions/requestApproval'>,
    signal: AbortSignal,
  ): Promise<PermissionsRequestApprovalResponse | undefined> {
    const answer = await this.#answerTo(request, signal);
    const granted = PermissionsRequestApprovalResponse.safeParse(answer).data;
    const outcome = granted === undefined ? 'failed' : 'accepted';
    await this.#keep(request, { outcome, answer: granted ?? null, digest: this.digest(request.action) });
    return granted;
  }

  /** The answer as it was sent; undefined when there was none. */
  async #answerTo<M extends ApprovalMethod>(
    { method, params }: ApprovalRequest<M>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const outcome = await this.#options.ports.questions.ask(params.threadId, method, params, signal);
    return outcome.type === 'answered' ? outcome.result : undefined;
  }

  async #keep(
    { method, params }: ApprovalRequest<ApprovalMethod>,
    { outcome, answer, digest }: { outcome: Approval['type']; answer: unknown; digest: string },
  ): Promise<void> {
    const { record, sync, ports } = this.#options;
    const { turnId, itemId } = params;
    const decidedAtMs = ports.clock.now();
    record({ type: 'approval', turnId, itemId, method, action: digest, outcome, answer, decidedAtMs });
    if (outcome === 'accepted') await sync();
  }

  async #remember(action: Action, decision: Decision | undefined): Promise<void> {
    if (decision === 'acceptForSession') {
      if (action.type === 'command') this.#add(this.#commands, this.digest(action));
      if (action.type === 'fileChange')
        for (const { realPath } of action.edits) this.#add(this.#files, realPath);
    }
    if (action.type !== 'command' || typeof decision !== 'object') return;
    if ('acceptWithExecpolicyAmendment' in decision)
      await this.#addRule(decision.acceptWithExecpolicyAmendment.execpolicy_amendment, action);
  }

  #add(grants: Set<string>, grant: string): void {
    if (grants.size < LIMITS.sessionGrants) grants.add(grant);
  }

  /** A rule that cannot be kept is no reason to go back on a yes: it counts as long as this process lives. */
  async #addRule(pattern: readonly string[], { sandbox }: CommandAction): Promise<void> {
    if (pattern.length === 0) return;
    const where = sandbox === null ? 'anywhere' : 'sandbox';
    try {
      await this.#options.ports.rules.add({ pattern, decision: 'allow', where });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#options.reportFault(error);
    }
  }
}

function outcomeOf(decision: Decision | undefined): Approval['type'] {
  if (decision === undefined) return 'failed';
  if (decision === 'decline') return 'declined';
  if (decision === 'cancel') return 'cancelled';
  // There is no proxy that could hold a command to one host, so a decision about hosts is no yes.
  if (typeof decision === 'object' && !('acceptWithExecpolicyAmendment' in decision)) return 'failed';
  return 'accepted';
}
