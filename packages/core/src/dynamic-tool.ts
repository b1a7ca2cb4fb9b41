import type { ToolNamespace } from './tools/tool.js';

/** A tool that a client brought along for one thread, and answers itself. Kept with the thread. */
export interface DynamicTool {
  readonly namespace: ToolNamespace | null;
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: unknown;
}
