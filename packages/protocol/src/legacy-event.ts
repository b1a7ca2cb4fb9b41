import { type DeliveryClass, type NotificationMethod, SERVER_NOTIFICATIONS } from './server-notifications.js';
import { isServerRequestMethod, type ServerRequestMethod } from './server-requests.js';

/** What the method of every event of the first generation of the protocol begins with. Its type follows. */
export const LEGACY_PREFIX = 'codex/event/';

/**
 * Every event of the first generation that is still told, to connections that ask for it, and what of today it tells in the old words.
 * The two stand in one place of the stream and share a slot: an old event is delivered as the new one is. Null: the end of the server.
 */
export const LEGACY_EVENTS = {
  task_started: 'turn/started',
  task_complete: 'turn/completed',
  turn_aborted: 'turn/completed',
  shutdown_complete: null,
  user_message: 'item/completed',
  agent_message_delta: 'item/agentMessage/delta',
  agent_message: 'item/completed',
  agent_reasoning_delta: 'item/reasoning/summaryTextDelta',
  agent_reasoning_section_break: 'item/reasoning/summaryPartAdded',
  agent_reasoning: 'item/completed',
  agent_reasoning_raw_content_delta: 'item/reasoning/textDelta',
  agent_reasoning_raw_content: 'item/completed',
  plan_delta: 'item/plan/delta',
  plan_update: 'turn/plan/updated',
  exec_approval_request: 'item/commandExecution/requestApproval',
  exec_command_begin: 'item/started',
  exec_command_output_delta: 'item/commandExecution/outputDelta',
  terminal_interaction: 'item/commandExecution/terminalInteraction',
  exec_command_end: 'item/completed',
  apply_patch_approval_request: 'item/fileChange/requestApproval',
  request_permissions: 'item/permissions/requestApproval',
  patch_apply_begin: 'item/started',
  patch_apply_end: 'item/completed',
  turn_diff: 'turn/diff/updated',
  mcp_startup_update: 'mcpServer/startupStatus/updated',
  mcp_tool_call_begin: 'item/started',
  mcp_tool_call_end: 'item/completed',
  elicitation_request: 'mcpServer/elicitation/request',
  request_user_input: 'item/tool/requestUserInput',
  dynamic_tool_call_request: 'item/tool/call',
  web_search_begin: 'item/started',
  web_search_end: 'item/completed',
  view_image_tool_call: 'item/completed',
  context_compacted: 'item/completed',
  token_count: 'thread/tokenUsage/updated',
  thread_name_updated: 'thread/name/updated',
  warning: 'warning',
  stream_error: 'error',
  error: 'error',
} as const satisfies Readonly<Record<string, NotificationMethod | ServerRequestMethod | null>>;

/** The `type` of an event of the first generation. */
export type LegacyEventType = keyof typeof LEGACY_EVENTS;

/** What happened, in the words and the spelling of the first generation. */
export type LegacyMessage = { readonly type: LegacyEventType } & Readonly<Record<string, unknown>>;

/** An event of the first generation, as it stands on the wire. */
export interface LegacyEvent {
  readonly method: `${typeof LEGACY_PREFIX}${LegacyEventType}`;
  readonly params: {
    /** The turn that it belongs to; empty outside turns. */
    readonly id: string;
    readonly msg: LegacyMessage;
    /** The thread that it belongs to. */
    readonly conversationId: string;
  };
}

/** An event of the first generation, in its envelope. */
export function newLegacyEvent(conversationId: string, turnId: string, msg: LegacyMessage): LegacyEvent {
  return { method: `${LEGACY_PREFIX}${msg.type}`, params: { id: turnId, msg, conversationId } };
}

/** Whether a method is one of the first generation's events, known or not. */
export function isLegacyMethod(method: string): boolean {
  return method.startsWith(LEGACY_PREFIX);
}

/** How an event of the first generation is delivered; undefined for one that nobody knows. */
export function legacyDelivery(method: string): DeliveryClass | undefined {
  const type = method.slice(LEGACY_PREFIX.length);
  if (!isLegacyMethod(method) || !Object.hasOwn(LEGACY_EVENTS, type)) return undefined;
  const source = LEGACY_EVENTS[type as LegacyEventType];
  if (source === null || isServerRequestMethod(source)) return 'reserved';
  return SERVER_NOTIFICATIONS[source].delivery;
}
