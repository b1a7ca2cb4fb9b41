import type {
  LegacyMessage,
  NotificationMethod,
  NotificationParams,
  ServerRequestMethod,
  ServerRequestParams,
  ThreadTokenUsage,
  TurnError,
} from '@millrace/protocol';
import { legacyActions, legacyBegin, legacyChanges, legacyCommand, legacyEnd } from './legacy-items.js';
import type { RequestEvent } from './server-event.js';

type Words = {
  readonly [M in NotificationMethod]?: (params: NotificationParams<M>) => readonly LegacyMessage[];
};

const WORDS: Words = {
  'turn/started': ({ turn }) => [
    {
      type: 'task_started',
      turn_id: turn.id,
      model_context_window: null,
      collaboration_mode_kind: 'default',
    },
  ],
  'turn/completed': ({ turn }) => [turnEnd(turn)],
  'item/started': ({ item, turnId }) =>
    [legacyBegin(item, turnId)].filter((message) => message !== undefined),
  'item/completed': ({ item, turnId }) => legacyEnd(item, turnId),
  'item/agentMessage/delta': ({ delta }) => [{ type: 'agent_message_delta', delta }],
  'item/reasoning/summaryTextDelta': ({ delta }) => [{ type: 'agent_reasoning_delta', delta }],
  'item/reasoning/summaryPartAdded': ({ itemId, summaryIndex }) => [
    { type: 'agent_reasoning_section_break', item_id: itemId, summary_index: summaryIndex },
  ],
  'item/reasoning/textDelta': ({ delta }) => [{ type: 'agent_reasoning_raw_content_delta', delta }],
  'item/plan/delta': ({ threadId, turnId, itemId, delta }) => [
    { type: 'plan_delta', thread_id: threadId, turn_id: turnId, item_id: itemId, delta },
  ],
  'turn/plan/updated': ({ explanation, plan }) => [
    {
      type: 'plan_update',
      explanation,
      plan: plan.map(({ step, status }) => ({ step, status: snakeCase(status) })),
    },
  ],
  'item/commandExecution/outputDelta': ({ itemId, delta }) => [
    { type: 'exec_command_output_delta', call_id: itemId, stream: 'stdout', chunk: base64(delta) },
  ],
  'item/commandExecution/terminalInteraction': ({ itemId, processId, stdin }) => [
    { type: 'terminal_interaction', call_id: itemId, process_id: processId, stdin },
  ],
  'turn/diff/updated': ({ diff }) => [{ type: 'turn_diff', unified_diff: diff }],
  'mcpServer/startupStatus/updated': ({ name, status, error }) => [
    {
      type: 'mcp_startup_update',
      server: name,
      status: status === 'failed' ? { state: status, error: error ?? '' } : { state: status },
    },
  ],
  'thread/tokenUsage/updated': ({ tokenUsage }) => [tokenCount(tokenUsage)],
  'thread/name/updated': ({ threadId, threadName }) => [
    {
      type: 'thread_name_updated',
      thread_id: threadId,
      ...(threadName === null ? undefined : { thread_name: threadName }),
    },
  ],
  warning: ({ message }) => [{ type: 'warning', message }],
  error: ({ error, willRetry }) => [errorOf(error, willRetry)],
};

/** A notification in the words of the first generation; several where one item was told in parts, none where it said nothing. */
export function legacyWords<M extends NotificationMethod>(
  method: M,
  params: NotificationParams<M>,
): readonly LegacyMessage[] {
  const words: ((params: NotificationParams<M>) => readonly LegacyMessage[]) | undefined = WORDS[method];
  return words?.(params) ?? [];
}

/** The changes of a patch that is asked about; undefined where nobody knows them any more. */
export type PatchLookup = (
  threadId: string,
  itemId: string,
) => Parameters<typeof legacyChanges>[0] | undefined;

type Questions = {
  readonly [M in ServerRequestMethod]: (
    params: ServerRequestParams<M>,
    request: RequestEvent,
    patch: PatchLookup,
  ) => LegacyMessage;
};

const QUESTIONS: Questions = {
  'item/commandExecution/requestApproval': (params) => ({
    type: 'exec_approval_request',
    call_id: params.itemId,
    ...(typeof params.approvalId === 'string' ? { approval_id: params.approvalId } : undefined),
    turn_id: params.turnId,
    command: legacyCommand(params.command ?? ''),
    cwd: params.cwd ?? '',
    ...(typeof params.reason === 'string' ? { reason: params.reason } : undefined),
    ...(Array.isArray(params.proposedExecpolicyAmendment)
      ? { proposed_execpolicy_amendment: params.proposedExecpolicyAmendment }
      : undefined),
    parsed_cmd: legacyActions(params.commandActions ?? []),
  }),
  'item/fileChange/requestApproval': ({ threadId, turnId, itemId, reason, grantRoot }, _, patch) => ({
    type: 'apply_patch_approval_request',
    call_id: itemId,
    turn_id: turnId,
    changes: legacyChanges(patch(threadId, itemId) ?? []),
    ...(reason === null ? undefined : { reason }),
    ...(grantRoot === null ? undefined : { grant_root: grantRoot }),
  }),
  'item/permissions/requestApproval': ({ itemId, turnId, reason, permissions }) => ({
    type: 'request_permissions',
    call_id: itemId,
    turn_id: turnId,
    reason,
    permissions,
  }),
  'item/tool/requestUserInput': ({ itemId, turnId, questions }) => ({
    type: 'request_user_input',
    call_id: itemId,
    turn_id: turnId,
    questions,
  }),
  'item/tool/call': ({ callId, turnId, tool, arguments: given }) => ({
    type: 'dynamic_tool_call_request',
    callId,
    turnId,
    tool,
    arguments: given,
  }),
  'mcpServer/elicitation/request': ({ serverName, message }, { id }) => ({
    type: 'elicitation_request',
    server_name: serverName,
    id,
    message,
  }),
};

/** A question of the server in the words of the first generation. It is answered as the question itself, which comes right after. */
export function legacyQuestion(request: RequestEvent, patch: PatchLookup): LegacyMessage {
  const ask = QUESTIONS[request.method] as (
    params: unknown,
    request: RequestEvent,
    patch: PatchLookup,
  ) => LegacyMessage;
  return ask(request.params, request, patch);
}

function turnEnd(turn: NotificationParams<'turn/completed'>['turn']): LegacyMessage {
  if (turn.status === 'interrupted') return { type: 'turn_aborted', turn_id: turn.id, reason: 'interrupted' };
  const last = turn.items.findLast((item) => item.type === 'agentMessage');
  return { type: 'task_complete', turn_id: turn.id, last_agent_message: last?.text ?? null };
}

function errorOf(error: TurnError, willRetry: boolean): LegacyMessage {
  const { message, codexErrorInfo, additionalDetails } = error;
  const fields = { message, codex_error_info: snakeCase(codexErrorInfo) };
  if (!willRetry) return { type: 'error', ...fields };
  return { type: 'stream_error', ...fields, additional_details: additionalDetails };
}

function tokenCount({ total, last, modelContextWindow }: ThreadTokenUsage): LegacyMessage {
  return {
    type: 'token_count',
    info: {
      total_token_usage: snakeCase(total),
      last_token_usage: snakeCase(last),
      model_context_window: modelContextWindow,
    },
    rate_limits: null,
  };
}

/** A word, or the names of an object at every depth, with underscores instead of capitals. */
function snakeCase(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [snakeCase(name), snakeCase(of)]));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
