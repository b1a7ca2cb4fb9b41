import type { TaskGroup } from '@millrace/channel';
import type { AgentPorts } from './agent-ports.js';
import type { Approvals } from './approvals.js';
import type { History } from './history.js';
import type { McpServers } from './mcp-servers.js';
import type { ReadStateTracker } from './read-state.js';
import type { ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';
import type { Terminals } from './terminals.js';
import type { ThreadAgenda } from './thread-agenda.js';
import type { ThreadRecord } from './thread-record.js';
import type { ThreadStatusTracker } from './thread-status.js';
import type { ThreadTurns } from './thread-turns.js';
import type { TokenAccount } from './token-usage.js';
import type { ThreadTools } from './tools/thread-tools.js';
import type { ThreadFeatures } from './turn-context.js';

/** What a thread lends to its turns. */
export interface ThreadContext {
  readonly ports: AgentPorts;
  readonly threadId: string;
  readonly settings: Settings;
  readonly features: ThreadFeatures;
  readonly history: History;
  readonly account: TokenAccount;
  readonly turns: ThreadTurns;
  readonly status: ThreadStatusTracker;
  /** Undefined for an ephemeral thread, which nobody comes back to. */
  readonly readState: ReadStateTracker | undefined;
  readonly agenda: ThreadAgenda;
  readonly approvals: Approvals;
  readonly terminals: Terminals;
  readonly mcp: McpServers;
  readonly tools: ThreadTools;
  /** What may go on beyond a turn; a shutdown waits for it. */
  readonly tasks: TaskGroup;
  /** Aborted when the time of a shutdown is over: from then on nothing is waited for. */
  readonly hurry: AbortSignal;
  /** Begins the log with the thread's first turn; does nothing later. Rejects with `StoreError`. */
  openLog(): Promise<void>;
  record(record: ThreadRecord): void;
  /** Adds to what the model is given: at once where no turn runs, else before it is asked the next time. */
  tell(item: ResponseItem): void;
  /** Resolves when everything recorded is on disk. Rejects with `StoreError`. */
  sync(): Promise<void>;
  /** Something failed that should not: for the operator, not for clients. */
  reportFault(error: unknown): void;
}
