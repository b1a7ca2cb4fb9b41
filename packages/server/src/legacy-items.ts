import { parseShellScript } from '@millrace/core';
import type {
  CommandAction,
  CommandExecutionItem,
  FileChangeItem,
  FileUpdateChange,
  LegacyMessage,
  McpToolCallItem,
  ThreadItem,
  UserMessageItem,
} from '@millrace/protocol';

/** What the first generation said when an item began; undefined where it said nothing. */
export function legacyBegin(item: ThreadItem, turnId: string): LegacyMessage | undefined {
  switch (item.type) {
    case 'commandExecution':
      return { type: 'exec_command_begin', ...commandFields(item, turnId) };
    case 'fileChange':
      return {
        type: 'patch_apply_begin',
        call_id: item.id,
        turn_id: turnId,
        auto_approved: false, // Whether somebody is asked shows only later.
        changes: legacyChanges(item.changes),
      };
    case 'mcpToolCall':
      return { type: 'mcp_tool_call_begin', call_id: item.id, invocation: invocation(item) };
    case 'webSearch':
      return { type: 'web_search_begin', call_id: item.id };
    default:
      return undefined;
  }
}

/** What the first generation said when an item was final, in its order; nothing for an item that it did not know. */
export function legacyEnd(item: ThreadItem, turnId: string): readonly LegacyMessage[] {
  switch (item.type) {
    case 'userMessage':
      return [userMessage(item)];
    case 'agentMessage':
      return [{ type: 'agent_message', message: item.text, phase: item.phase }];
    case 'reasoning':
      return [
        ...item.summary.map((text) => ({ type: 'agent_reasoning', text }) as const),
        ...item.content.map((text) => ({ type: 'agent_reasoning_raw_content', text }) as const),
      ];
    case 'commandExecution':
      return [commandEnd(item, turnId)];
    case 'fileChange':
      return [patchEnd(item, turnId)];
    case 'mcpToolCall':
      return [toolCallEnd(item)];
    case 'webSearch':
      return [{ type: 'web_search_end', call_id: item.id, query: item.query, action: item.action }];
    case 'imageView':
      return [{ type: 'view_image_tool_call', call_id: item.id, path: item.path }];
    case 'contextCompaction':
      return [{ type: 'context_compacted' }];
    default:
      return [];
  }
}

/** The files of a patch by their paths, as the first generation wrote them. */
export function legacyChanges(changes: readonly FileUpdateChange[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(changes.map(({ path, kind, diff }) => [path, changeOf(kind, diff)]));
}

function changeOf(kind: FileUpdateChange['kind'], diff: string): object {
  if (kind.type === 'update') return { type: 'update', unified_diff: diff, move_path: kind.move_path };
  return { type: kind.type, content: diff };
}

/** A command line as the arguments that it was made of; the line itself where that cannot be told. */
export function legacyCommand(line: string): readonly string[] {
  const commands = parseShellScript(line);
  return commands?.length === 1 && commands[0] !== undefined ? commands[0].words : [line];
}

/** What the simple commands of a script do, as the first generation wrote it. */
export function legacyActions(actions: readonly CommandAction[]): readonly object[] {
  return actions.map(({ type, command, ...rest }) => ({
    type: type === 'listFiles' ? 'list_files' : type,
    cmd: command,
    ...rest,
  }));
}

const SOURCES = {
  agent: 'agent',
  userShell: 'user_shell',
  unifiedExecStartup: 'unified_exec_startup',
  unifiedExecInteraction: 'unified_exec_interaction',
} as const satisfies Readonly<Record<CommandExecutionItem['source'], string>>;

function commandFields(item: CommandExecutionItem, turnId: string) {
  return {
    call_id: item.id,
    ...(item.processId === null ? undefined : { process_id: item.processId }),
    turn_id: turnId,
    command: legacyCommand(item.command),
    cwd: item.cwd,
    parsed_cmd: legacyActions(item.commandActions),
    source: SOURCES[item.source],
  };
}

/** Both streams stand in `stdout`: the server keeps them as one. A command that never ran has the exit code -1. */
function commandEnd(item: CommandExecutionItem, turnId: string): LegacyMessage {
  const output = item.aggregatedOutput ?? '';
  return {
    type: 'exec_command_end',
    ...commandFields(item, turnId),
    stdout: output,
    stderr: '',
    aggregated_output: output,
    exit_code: item.exitCode ?? -1,
    duration: duration(item.durationMs),
    formatted_output: output,
    status: item.status,
  };
}

function patchEnd(item: FileChangeItem, turnId: string): LegacyMessage {
  return {
    type: 'patch_apply_end',
    call_id: item.id,
    turn_id: turnId,
    stdout: '',
    stderr: '',
    success: item.status === 'completed',
    changes: legacyChanges(item.changes),
    status: item.status,
  };
}

function toolCallEnd(item: McpToolCallItem): LegacyMessage {
  const { result, error, durationMs } = item;
  return {
    type: 'mcp_tool_call_end',
    call_id: item.id,
    invocation: invocation(item),
    duration: duration(durationMs),
    result: result === null ? { Err: error?.message ?? 'the call did not end' } : { Ok: result },
  };
}

function invocation({ server, tool, arguments: given }: McpToolCallItem): object {
  return { server, tool, arguments: given ?? null };
}

function userMessage({ content }: UserMessageItem): LegacyMessage {
  return {
    type: 'user_message',
    message: content.map((input) => (input.type === 'text' ? input.text : '')).join(''),
    images: content.flatMap((input) => (input.type === 'image' ? [input.url] : [])),
    local_images: content.flatMap((input) => (input.type === 'localImage' ? [input.path] : [])),
  };
}

/** Milliseconds as seconds and nanoseconds. */
function duration(ms: number | null): object {
  const whole = Math.max(0, ms ?? 0);
  return { secs: Math.floor(whole / 1_000), nanos: (whole % 1_000) * 1_000_000 };
}
