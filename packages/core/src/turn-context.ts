import type { AgentPorts } from './agent-ports.js';
import type { Approvals } from './approvals.js';
import type { ContextWindow } from './context-window.js';
import type { Settings } from './settings.js';
import type { Terminals } from './terminals.js';
import type { ThreadAgenda } from './thread-agenda.js';
import type { ThreadStatusTracker } from './thread-status.js';
import type { WebSearchSpec } from './tool-spec.js';
import type { ThreadTools } from './tools/thread-tools.js';
import type { TurnDiff } from './turn-diff.js';
import type { TurnOutput } from './turn-output.js';

/** What a running turn lends to its tools. */
export interface TurnContext {
  readonly ports: AgentPorts;
  readonly threadId: string;
  readonly turnId: string;
  /** As they are now: an override that arrives during the turn counts for what starts after it. */
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly output: TurnOutput;
  readonly status: ThreadStatusTracker;
  readonly approvals: Approvals;
  readonly terminals: Terminals;
  readonly agenda: ThreadAgenda;
  readonly tools: ThreadTools;
  readonly diff: TurnDiff;
  readonly features: ThreadFeatures;
  /** Ends the turn as if the user had interrupted it: an approval was answered with `cancel`. */
  cancel(): void;
  /** Shows the aggregate diff of the turn, where there is one. */
  showDiff(): Promise<void>;
  /** Something failed that should not: for the operator, not for clients. */
  reportFault(error: unknown): void;
}

/** What of a thread follows from the configuration and no client can change in a turn. */
export interface ThreadFeatures {
  readonly updatePlan: boolean;
  /** Asking the user outside plan mode. */
  readonly requestUserInput: boolean;
  /** Showing patches while the model writes them. */
  readonly patchStreaming: boolean;
  readonly contextWindow: ContextWindow;
  /** Asking for rights that the sandbox does not give. */
  readonly requestPermissions: boolean;
  /** The search that the provider is asked for; null where it is not. */
  readonly webSearch: WebSearchSpec | null;
  /** The model of reviews; null for that of the thread. */
  readonly reviewModel: string | null;
}
