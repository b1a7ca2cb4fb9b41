import type { ApprovalPolicy } from '@millrace/protocol';
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
  /** The model asks to run outside the sandbox. */
  readonly isEscalated: boolean;
  /** The same command, or its prefix, was granted for the session. */
  readonly isGranted: boolean;
}

/**
 * Decides whether a command runs, is asked for, or is refused.
 *
 * Fail-closed: a policy that wants a sandbox where none works never runs anything unasked. `danger-full-access` runs as asked,
 * because that is what it says.
 */
export function judgeCommand({ settings, sandbox, isEscalated, isGranted }: CommandRequest): CommandVerdict {
  const mayAsk = canAsk(settings.approvalPolicy);
  if (isEscalated && !mayAsk) return { type: 'refuse', text: NEVER_ESCALATE };
  const wanted = sandboxRules(settings);
  const isUnprotected = wanted !== null && sandbox.type === 'unavailable';
  const rules = isEscalated || isUnprotected ? null : wanted;
  if (isGranted) return { type: 'run', sandbox: rules };
  if (isUnprotected && !mayAsk)
    return { type: 'refuse', text: unprotectedText(sandbox.reason, sandbox.remedy) };
  const asks = settings.approvalPolicy === 'untrusted' || isUnprotected || (isEscalated && wanted !== null);
  return { type: asks ? 'ask' : 'run', sandbox: rules };
}

/** Whether the policy lets the agent ask a person at all. */
export function canAsk(policy: ApprovalPolicy): boolean {
  return typeof policy === 'object' ? policy.granular.sandbox_approval : policy !== 'never';
}

const NEVER_ESCALATE =
  'approval policy is Never; reject command — you cannot ask for escalated permissions if the approval policy is Never';

function unprotectedText(reason: string, remedy: string): string {
  return `exec_command failed: no sandbox works here (${reason}) and approval policy is Never, so the command was not run. ${remedy}, or choose danger-full-access, or an approval policy that may ask.`;
}
