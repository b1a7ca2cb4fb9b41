import type { ApprovalPolicy } from '@millrace/protocol';
import type { PrefixRule } from './command-rules.js';
import { type GivenPermissions, widen } from './permission-grants.js';
import type { SandboxRules, SandboxStatus } from './ports.js';
import { type Settings, sandboxRules } from './settings.js';

/** What the thread's policy says about a command that the model wants to run. */
export type CommandVerdict =
  /** Runs now, inside `sandbox`, or without one where that is null. */
  | { readonly type: 'run'; readonly sandbox: SandboxRules | null }
  /** A person decides; once accepted it runs inside `sandbox`. */
  | { readonly type: 'ask'; readonly sandbox: SandboxRules | null }
  | { readonly type: 'refuse'; readonly text: string };

export interface CommandRequest {
  readonly settings: Settings;
  readonly sandbox: SandboxStatus;
  /** Rights that were granted beyond those of the settings. */
  readonly permissions: GivenPermissions;
  /** The model asks to run outside the sandbox. */
  readonly isEscalated: boolean;
  /** Whether this command, inside those walls, was granted for the session. */
  readonly isGranted: (sandbox: SandboxRules | null) => boolean;
  /** What the rules of this installation say of it, inside those walls. */
  readonly ruleOn: (sandbox: SandboxRules | null) => PrefixRule['decision'] | undefined;
}

/**
 * Decides whether a command runs, is asked for, or is refused.
 *
 * Fail-closed: a policy that wants a sandbox where none works never runs anything unasked. `danger-full-access` runs as asked,
 * because that is what it says. A rule that forbids counts over everything, one that asks over everything but what a person
 * granted to exactly this command.
 */
export function judgeCommand(request: CommandRequest): CommandVerdict {
  const { settings, sandbox: status, isEscalated } = request;
  const mayAsk = canAsk(settings.approvalPolicy);
  const configured = sandboxRules(settings);
  const wanted = configured === null ? null : widen(configured, request.permissions);
  const isUnprotected = wanted !== null && status.type === 'unavailable';
  const sandbox = isEscalated || isUnprotected ? null : wanted;
  const rule = request.ruleOn(sandbox);
  if (rule === 'forbidden') return { type: 'refuse', text: FORBIDDEN };
  if (isEscalated && !mayAsk) return { type: 'refuse', text: NEVER_ESCALATE };
  if (rule === 'allow' || request.isGranted(sandbox)) return { type: 'run', sandbox };
  if (isUnprotected && !mayAsk)
    return { type: 'refuse', text: unprotectedText(status.reason, status.remedy) };
  if (rule === 'prompt')
    return canAskByRule(settings.approvalPolicy)
      ? { type: 'ask', sandbox }
      : { type: 'refuse', text: NEVER_PROMPT };
  const asks = settings.approvalPolicy === 'untrusted' || isUnprotected || (isEscalated && wanted !== null);
  return { type: asks ? 'ask' : 'run', sandbox };
}

/** Whether the policy lets the agent ask a person to let it out of the sandbox. */
export function canAsk(policy: ApprovalPolicy): boolean {
  return typeof policy === 'object' ? policy.granular.sandbox_approval : policy !== 'never';
}

/** Whether the policy lets the agent ask a person for rights. */
export function canAskPermissions(policy: ApprovalPolicy): boolean {
  return typeof policy === 'object' ? policy.granular.request_permissions : policy !== 'never';
}

function canAskByRule(policy: ApprovalPolicy): boolean {
  return typeof policy === 'object' ? policy.granular.rules : policy !== 'never';
}

const NEVER_ESCALATE =
  'approval policy is Never; reject command — you cannot ask for escalated permissions if the approval policy is Never';
const NEVER_PROMPT =
  'exec_command failed: a rule asks for approval of this command, and the approval policy does not let anybody be asked';
const FORBIDDEN = 'exec_command failed: a rule forbids this command';

function unprotectedText(reason: string, remedy: string): string {
  return `exec_command failed: no sandbox works here (${reason}) and approval policy is Never, so the command was not run. ${remedy}, or choose danger-full-access, or an approval policy that may ask.`;
}
