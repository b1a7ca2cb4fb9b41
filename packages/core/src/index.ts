export type { AgentPorts, Host } from './agent-ports.js';
export type { Settings } from './settings.js';
export { activeProfile, describeSettings } from './settings.js';
export type { Submission, Submitted, ThreadOptions, ThreadSnapshot } from './thread.js';
export { Thread } from './thread.js';
export { type NewThread, ThreadRegistry } from './thread-registry.js';
export type { ToolFeatures } from './turn-context.js';
export type { TurnInput } from './user-input.js';
