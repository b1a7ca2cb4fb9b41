/** Tokens that the thread used in all. */
export interface ExecUsage {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
}

/** What an item is, without its id. */
export type ExecItemContent =
  | { readonly type: 'agent_message'; readonly text: string }
  /** The summary of what the model thought. */
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'command_execution';
      readonly command: string;
      /** Standard output and error in one; empty until the command ended. */
      readonly aggregated_output: string;
      readonly exit_code: number | null;
      readonly status: 'in_progress' | 'completed' | 'failed' | 'declined';
    }
  | {
      readonly type: 'file_change';
      readonly changes: readonly { readonly path: string; readonly kind: 'add' | 'delete' | 'update' }[];
      readonly status: 'in_progress' | 'completed' | 'failed';
    }
  | {
      readonly type: 'mcp_tool_call';
      readonly server: string;
      readonly tool: string;
      readonly arguments: unknown;
      readonly result: unknown;
      readonly error: { readonly message: string } | null;
      readonly status: 'in_progress' | 'completed' | 'failed';
    }
  | { readonly type: 'web_search'; readonly query: string; readonly action: unknown }
  | {
      readonly type: 'todo_list';
      readonly items: readonly { readonly text: string; readonly completed: boolean }[];
    }
  /** A warning; the run goes on. */
  | { readonly type: 'error'; readonly message: string };

/** One entry of the run. Ids are `item_0`, `item_1` … in the order in which items first appear. */
export type ExecItem = { readonly id: string } & ExecItemContent;

/**
 * One line of `--json`. The names are those of the protocol's own exec command; `turn.interrupted` and `stream.lagged` are ours.
 *
 * A run that was begun ends with exactly one of `turn.completed`, `turn.failed` and `turn.interrupted`.
 */
export type ExecEvent =
  | { readonly type: 'thread.started'; readonly thread_id: string }
  | { readonly type: 'turn.started' }
  | { readonly type: 'item.started'; readonly item: ExecItem }
  | { readonly type: 'item.updated'; readonly item: ExecItem }
  | { readonly type: 'item.completed'; readonly item: ExecItem }
  | { readonly type: 'turn.completed'; readonly usage: ExecUsage }
  | { readonly type: 'turn.failed'; readonly error: { readonly message: string } }
  | { readonly type: 'turn.interrupted' }
  /** Something failed; it may be tried again. */
  | { readonly type: 'error'; readonly message: string }
  /** So many events are missing here because this reader was slow. Their items follow; nothing failed. */
  | { readonly type: 'stream.lagged'; readonly skipped: number };
