import { activeProfile, type Thread } from '@millrace/core';
import type { ThreadStartResponse, Thread as ThreadView } from '@millrace/protocol';

/** A running thread with what it runs with, as `thread/start` answers and `thread/resume` begins. */
export function threadStartResponse(
  thread: Thread,
  view: ThreadView,
  instructionSources: readonly string[],
): ThreadStartResponse {
  const { cwd, model, modelProvider, approvalPolicy, sandboxPolicy, effort } = thread.settings;
  return {
    thread: view,
    model,
    modelProvider,
    serviceTier: null,
    disabledPluginIds: [],
    cwd,
    runtimeWorkspaceRoots: [cwd],
    instructionSources,
    approvalPolicy,
    approvalsReviewer: 'user',
    sandbox: sandboxPolicy,
    activePermissionProfile: activeProfile(thread.settings),
    reasoningEffort: effort,
    multiAgentMode: 'explicitRequestOnly',
  };
}
