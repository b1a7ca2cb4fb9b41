import type { ThreadItem, TokenUsageBreakdown, TurnPlanStep } from '@millrace/protocol';
import type { ExecItemContent, ExecUsage } from './exec-event.js';

/** An item in the words of `--json`; undefined for one that has none, such as the user's own message. */
export function toExecItem(item: ThreadItem): ExecItemContent | undefined {
  switch (item.type) {
    case 'agentMessage':
      return { type: 'agent_message', text: item.text };
    case 'reasoning': {
      const text = item.summary.join('\n');
      return text === '' ? undefined : { type: 'reasoning', text };
    }
    case 'commandExecution':
      return {
        type: 'command_execution',
        command: item.command,
        aggregated_output: item.aggregatedOutput ?? '',
        exit_code: item.exitCode,
        status: STATUS[item.status],
      };
    case 'fileChange': {
      const changes = item.changes.map(({ path, kind }) => ({ path, kind: kind.type }));
      const status = item.status === 'declined' ? 'failed' : STATUS[item.status];
      return { type: 'file_change', changes, status };
    }
    case 'mcpToolCall': {
      const { server, tool, result, error } = item;
      return {
        type: 'mcp_tool_call',
        server,
        tool,
        arguments: item.arguments,
        result,
        error,
        status: STATUS[item.status],
      };
    }
    case 'webSearch':
      return { type: 'web_search', query: item.query, action: item.action };
    default:
      return undefined;
  }
}

const STATUS = {
  inProgress: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  declined: 'declined',
} as const;

/** The agent's list of what to do. A step that is being worked on is not completed. */
export function toTodoList(plan: readonly TurnPlanStep[]): ExecItemContent {
  const items = plan.map(({ step, status }) => ({ text: step, completed: status === 'completed' }));
  return { type: 'todo_list', items };
}

/** Zeros where the model told nothing. */
export function toExecUsage(usage: TokenUsageBreakdown | undefined): ExecUsage {
  return {
    input_tokens: usage?.inputTokens ?? 0,
    cached_input_tokens: usage?.cachedInputTokens ?? 0,
    cache_write_input_tokens: usage?.cacheWriteInputTokens ?? 0,
    output_tokens: usage?.outputTokens ?? 0,
    reasoning_output_tokens: usage?.reasoningOutputTokens ?? 0,
  };
}
