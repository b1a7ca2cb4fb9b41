export type { AgentPorts, Host } from './agent-ports.js';
export { CompactionWork } from './compaction-work.js';
export { type ContextWindow, contextWindow } from './context-window.js';
export type { DynamicTool } from './dynamic-tool.js';
export { injectItems } from './inject-items.js';
export { McpServer } from './mcp-server.js';
export type { McpConfiguration, McpServers } from './mcp-servers.js';
export { messageText } from './message-text.js';
export { QueuedTurn } from './queued-turn.js';
export { markedReadState } from './read-state.js';
export { reviewBrief } from './review-brief.js';
export { ReviewWork } from './review-work.js';
export type { Settings } from './settings.js';
export { activeProfile, describeSettings, sandboxRules } from './settings.js';
export { parseShellScript } from './shell-script.js';
export type { Submission, Submitted } from './submission.js';
export type { QueueRecord } from './submission-queue.js';
export { Thread, type ThreadOptions } from './thread.js';
export {
  type FoundThread,
  literalPattern,
  type ThreadPlace,
  type ThreadQuery,
  timeOf,
} from './thread-query.js';
export {
  type Fork,
  type ForkRefusal,
  type NewThread,
  type Resumption,
  type RevertRefusal,
  ThreadRegistry,
} from './thread-registry.js';
export type { StoredThread } from './thread-replay.js';
export { type SectionMove, ThreadSections } from './thread-sections.js';
export { snapshotThread, type ThreadSnapshot } from './thread-snapshot.js';
export type { ThreadFeatures } from './turn-context.js';
export type { TurnWork } from './turn-work.js';
export type { TurnInput } from './user-input.js';
