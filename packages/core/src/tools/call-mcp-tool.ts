import { LIMITS, type McpTool, type McpToolCallItem, newMcpToolCall } from '@millrace/protocol';
import { askForMcpTool } from '../mcp-approval.js';
import { McpError, type McpToolResult } from '../mcp-launcher.js';
import type { McpServer } from '../mcp-server.js';
import { approximateTokens, truncateForModel } from '../model-output.js';
import type { MessageContent } from '../response-item.js';
import type { TurnContext } from '../turn-context.js';
import type { ToolCall, ToolOutput } from './tool.js';

/** One tool of a server, and what was granted for the session. */
export interface McpTarget {
  readonly server: McpServer;
  readonly tool: McpTool;
  readonly granted: Set<string>;
}

type Outcome =
  | { readonly type: 'result'; readonly result: McpToolResult }
  | { readonly type: 'failed'; readonly message: string };

/** Calls a tool of an MCP server for the model: shown as an item, allowed, run, and told. */
export async function callMcpTool(
  target: McpTarget,
  call: ToolCall,
  context: TurnContext,
): Promise<ToolOutput> {
  const { output, ports, signal } = context;
  const startedAt = ports.clock.monotonic();
  const wallTime = (): string =>
    `Wall time: ${((ports.clock.monotonic() - startedAt) / 1_000).toFixed(4)} seconds\nOutput:`;
  const parsed = parse(call.input);
  if (parsed.type === 'invalid') return [text(wallTime()), text(`err: ${parsed.message}`)];
  const item = newMcpToolCall({
    id: call.callId,
    startedAtMs: output.now(),
    server: target.server.name,
    tool: target.tool.name,
    arguments: parsed.value,
    readOnlyHint: hintsOf(target.tool).readOnlyHint ?? null,
  });
  await output.started(item);
  const refusal = await askForMcpTool(target, item, context);
  const runAt = ports.clock.monotonic();
  const outcome: Outcome =
    refusal === undefined ? await run(target, item, context) : { type: 'failed', message: refusal };
  const durationMs = Math.round(ports.clock.monotonic() - runAt);
  await output.completed({ ...item, ...shown(outcome), durationMs });
  if (signal.aborted) throw signal.reason;
  return forModel(outcome, wallTime());
}

/** What a tool says of itself; a claim of its server, not a promise. */
export function hintsOf(tool: McpTool): {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly openWorldHint?: boolean;
} {
  const { annotations } = tool;
  return typeof annotations === 'object' && annotations !== null ? annotations : {};
}

/** Arguments are JSON, or nothing at all. */
function parse(
  input: string,
):
  | { readonly type: 'valid'; readonly value: unknown }
  | { readonly type: 'invalid'; readonly message: string } {
  if (input.trim() === '') return { type: 'valid', value: null };
  try {
    return { type: 'valid', value: JSON.parse(input) };
  } catch (error) {
    return { type: 'invalid', message: error instanceof Error ? error.message : 'not JSON' };
  }
}

async function run(
  { server, tool }: McpTarget,
  item: McpToolCallItem,
  context: TurnContext,
): Promise<Outcome> {
  const { ports, threadId, turnId, signal } = context;
  const { id: itemId, arguments: given } = item;
  let isRunning = true;
  const onProgress = (message: string): void => {
    if (!isRunning) return;
    ports.events.emit(threadId, 'item/mcpToolCall/progress', { threadId, turnId, itemId, message });
  };
  try {
    if (given !== null && (typeof given !== 'object' || Array.isArray(given)))
      throw new McpError(`MCP tool arguments must be a JSON object, got ${JSON.stringify(given)}`);
    const args = given === null ? undefined : (given as Readonly<Record<string, unknown>>);
    const result = await server.connection.callTool({ tool: tool.name, arguments: args, signal, onProgress });
    return { type: 'result', result };
  } catch (error) {
    if (signal.aborted) return { type: 'failed', message: 'the turn was interrupted' };
    if (!(error instanceof McpError)) throw error;
    const cause = error.code === undefined ? error.message : `Mcp error: ${error.code}: ${error.message}`;
    const message = `tool call error: tool call failed for \`${server.name}/${tool.name}\`\n\nCaused by:\n    ${cause}`;
    return { type: 'failed', message };
  } finally {
    isRunning = false;
  }
}

function shown(outcome: Outcome): Pick<McpToolCallItem, 'status' | 'result' | 'error'> {
  if (outcome.type === 'failed')
    return { status: 'failed', result: null, error: { message: outcome.message } };
  const { content, structuredContent = null, _meta = null, isError } = outcome.result;
  const status = isError === true ? 'failed' : 'completed';
  return { status, result: { content: [...content], structuredContent, _meta }, error: null };
}

/** Structured content says all that the other content says, so it goes alone. */
function forModel(outcome: Outcome, wallTime: string): ToolOutput {
  if (outcome.type === 'failed') return [text(wallTime), text(outcome.message)];
  const { content, structuredContent = null } = outcome.result;
  if (structuredContent !== null) {
    return `${wallTime}\n${truncateForModel(JSON.stringify(structuredContent), LIMITS.modelOutputTokens)}`;
  }
  let tokens: number = LIMITS.modelOutputTokens;
  const parts = content.map((part): MessageContent => {
    const read = readPart(part);
    if (read.type !== 'input_text') return read;
    const cut = truncateForModel(read.text, tokens);
    tokens = Math.max(0, tokens - approximateTokens(cut));
    return text(cut);
  });
  return [text(wallTime), ...parts];
}

function readPart(part: unknown): MessageContent {
  const fields = typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>) : {};
  if (fields.type === 'text' && typeof fields.text === 'string') return text(fields.text);
  if (fields.type === 'image' && typeof fields.data === 'string' && typeof fields.mimeType === 'string') {
    const url = `data:${fields.mimeType};base64,${fields.data}`;
    return { type: 'input_image', image_url: url, detail: 'original' };
  }
  return text(JSON.stringify(part));
}

function text(value: string): { readonly type: 'input_text'; readonly text: string } {
  return { type: 'input_text', text: value };
}
