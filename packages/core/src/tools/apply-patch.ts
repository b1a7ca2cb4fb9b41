import { LIMITS, newFileChange } from '@millrace/protocol';
import type { Action } from '../action.js';
import type { Clearance } from '../clearance.js';
import { canAsk } from '../command-policy.js';
import { applyPlan } from '../patch-apply.js';
import { parsePatch } from '../patch-grammar.js';
import { type PlannedPatch, planPatch } from '../patch-plan.js';
import { writableRoots } from '../settings.js';
import type { TurnContext } from '../turn-context.js';
import { WritableArea } from '../writable-area.js';
import type { Tool } from './tool.js';

const GRAMMAR = `start: begin_patch hunk+ end_patch
begin_patch: "*** Begin Patch" LF
end_patch: "*** End Patch" LF?
hunk: add_hunk | delete_hunk | update_hunk
add_hunk: "*** Add File: " filename LF add_line+
delete_hunk: "*** Delete File: " filename LF
update_hunk: "*** Update File: " filename LF change_move? change?
filename: /(.+)/
add_line: "+" /(.*)/ LF
change_move: "*** Move to: " filename LF
change: (change_context | change_line)+ eof_line?
change_context: ("@@" | "@@ " /(.+)/) LF
change_line: ("+" | "-" | " ") /(.*)/ LF
eof_line: "*** End of File" LF
%import common.LF
`;

export const applyPatchTool: Tool = {
  spec: {
    type: 'custom',
    name: 'apply_patch',
    description:
      'Adds, updates, moves and deletes files. The input is a patch between "*** Begin Patch" and "*** End Patch", not JSON.',
    grammar: GRAMMAR,
  },
  isEnabled: () => true,
  run: (call, context) => applyPatch(call.callId, patchText(call.input), context.settings.cwd, context),
};

/** Some models call the tool as a function, with the patch in a JSON argument. */
function patchText(input: string): string {
  if (!input.startsWith('{')) return input;
  try {
    const { input: patch } = JSON.parse(input) as { readonly input?: unknown };
    return typeof patch === 'string' ? patch : input;
  } catch {
    return input;
  }
}

/**
 * Applies a patch, all of it or nothing: verified against the files first, then shown, then allowed, then written.
 *
 * Returns what the model is told. Rejects only when the turn was interrupted; then nothing was written.
 */
export async function applyPatch(
  callId: string,
  text: string,
  cwd: string,
  context: TurnContext,
): Promise<string> {
  const { output, ports, diff, approvals } = context;
  if (text.length > LIMITS.patchBytes)
    return `apply_patch failed: the patch is larger than ${LIMITS.patchBytes} bytes`;
  const patch = parsePatch(text);
  if (patch.type === 'syntaxError') return patch.message;
  const plan = await planPatch(patch, { cwd, fileSystem: ports.files });
  if (plan.type === 'patchFailure') return plan.message;
  const permission = await judgePatch(plan, context);
  if (permission === 'refuse') return REFUSED;
  const item = newFileChange({ id: callId, startedAtMs: output.now(), changes: [...plan.changes] });
  await output.started(item);
  const action = { type: 'fileChange' as const, edits: plan.edits };
  const leave = permission === 'ask' ? await ask(action, callId, context) : approvals.clear(action);
  if (typeof leave === 'string' || context.signal.aborted) {
    await output.completed({ ...item, status: 'declined' });
    if (context.signal.aborted) throw context.signal.reason;
    return String(leave);
  }
  leave.spend(approvals.digest(action));
  const result = await applyPlan(plan, ports.files);
  if (result.type === 'failed') {
    await output.completed({ ...item, status: 'failed' });
    return `apply_patch failed: ${result.text}`;
  }
  diff.record(plan.edits);
  await output.completed({ ...item, status: 'completed' });
  await context.showDiff();
  return `Exit code: 0\nWall time: 0 seconds\nOutput:\n${result.text}`;
}

const REFUSED = 'patch rejected: writing outside of the project; rejected by user approval settings';

/** Inside the writable roots a patch needs no sandbox, because Millrace itself writes it; outside, somebody has to say yes. */
async function judgePatch(
  plan: PlannedPatch,
  { settings, approvals, ports, turnId }: TurnContext,
): Promise<'apply' | 'ask' | 'refuse'> {
  const isGranted = approvals.areFilesGranted(plan.touchedPaths);
  if (settings.approvalPolicy === 'untrusted') return isGranted ? 'apply' : 'ask';
  const roots = writableRoots(settings);
  if (isGranted || roots === null) return 'apply';
  const granted = approvals.permissions.inTurn(turnId).writableRoots;
  const area = await WritableArea.of([...roots, ...granted], ports);
  if (plan.touchedPaths.every((path) => area.contains(path))) return 'apply';
  return canAsk(settings.approvalPolicy) ? 'ask' : 'refuse';
}

/** Asks for the patch. Returns leave to write it, or the text of a denial. */
async function ask(
  action: Action & { readonly type: 'fileChange' },
  callId: string,
  context: TurnContext,
): Promise<Clearance | string> {
  const { status, approvals, threadId, turnId, output, signal } = context;
  const stopWaiting = status.wait('waitingOnApproval');
  const params = {
    threadId,
    turnId,
    itemId: callId,
    startedAtMs: output.now(),
    reason: null,
    grantRoot: null,
  };
  const approval = await approvals.ask({ method: 'item/fileChange/requestApproval', params, action }, signal);
  stopWaiting();
  if (approval.type === 'accepted') return approval.clearance;
  if (approval.type === 'cancelled') context.cancel();
  return approval.type === 'failed' ? 'approval request failed' : 'patch rejected by user';
}
