import { LIMITS, McpServerElicitationRequestResponse, type McpToolCallItem } from '@millrace/protocol';
import type { McpApprovalMode } from './mcp-launcher.js';
import type { Settings } from './settings.js';
import { hintsOf, type McpTarget } from './tools/call-mcp-tool.js';
import type { TurnContext } from './turn-context.js';

/**
 * Whether a call of an MCP server's tool may run: asks the user where the policy and the tool say so. Returns why it may not;
 * undefined when it may. Only a yes that can be read is one (AP-2).
 */
export async function askForMcpTool(
  target: McpTarget,
  item: McpToolCallItem,
  context: TurnContext,
): Promise<string | undefined> {
  const key = JSON.stringify([item.server, item.tool]);
  if (!needsApproval(target) || target.granted.has(key)) return undefined;
  const { approvalPolicy, sandboxPolicy } = context.settings;
  if (approvalPolicy === 'never') {
    if (sandboxPolicy.type === 'dangerFullAccess') return undefined;
    return 'MCP tool call requires approval, but approval policy is never';
  }
  if (!mayAsk(approvalPolicy))
    return 'MCP tool call requires approval, but the approval policy asks for none';
  const { status, ports, threadId, signal } = context;
  const stopWaiting = status.wait('waitingOnApproval');
  const outcome = await ports.questions.ask(
    threadId,
    'mcpServer/elicitation/request',
    question(target, item, context),
    signal,
  );
  stopWaiting();
  const answer =
    outcome.type === 'answered'
      ? McpServerElicitationRequestResponse.safeParse(outcome.result).data
      : undefined;
  if (answer?.action === 'cancel') return 'user cancelled MCP tool call';
  if (answer?.action !== 'accept') return 'user rejected MCP tool call';
  if (isForSession(answer._meta) && target.granted.size < LIMITS.sessionGrants) target.granted.add(key);
  return undefined;
}

/** What only reads may run; what says that it destroys, or says nothing, is asked for. */
function needsApproval({ server, tool }: McpTarget): boolean {
  const { config } = server;
  const mode: McpApprovalMode = config.toolApprovals.get(tool.name) ?? config.approval;
  if (mode !== 'auto') return mode === 'prompt';
  const { readOnlyHint, destructiveHint, openWorldHint } = hintsOf(tool);
  if (destructiveHint === true) return true;
  if (readOnlyHint === true) return false;
  return destructiveHint !== false || openWorldHint !== false;
}

function mayAsk(policy: Settings['approvalPolicy']): boolean {
  return typeof policy === 'string' || policy.granular.mcp_elicitations;
}

/** A form without fields: accepting it is the answer. What it is about stands in the metadata, in the words of the protocol. */
function question({ tool }: McpTarget, item: McpToolCallItem, { threadId, turnId }: TurnContext) {
  const { server: serverName, tool: name, arguments: params } = item;
  const { annotations, description } = tool;
  return {
    threadId,
    turnId,
    serverName,
    mode: 'form',
    _meta: {
      codex_approval_kind: 'mcp_tool_call',
      persist: ['session'],
      tool_name: name,
      ...(annotations !== undefined && { tool_annotations: annotations }),
      ...(typeof description === 'string' && { tool_description: description }),
      tool_params: params,
      tool_params_display: display(params),
    },
    message: `Allow the ${serverName} MCP server to run tool "${name}"?`,
    requestedSchema: { type: 'object', properties: {} },
  } as const;
}

function display(params: unknown) {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return [];
  return Object.entries(params).map(([name, value]) => ({ name, value, display_name: name }));
}

function isForSession(meta: unknown): boolean {
  const persist = typeof meta === 'object' && meta !== null && 'persist' in meta ? meta.persist : undefined;
  return persist === 'session' || persist === 'always';
}
