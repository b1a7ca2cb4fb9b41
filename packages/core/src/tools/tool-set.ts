import type { TurnContext } from '../turn-context.js';
import { applyPatchTool } from './apply-patch.js';
import { execCommand } from './exec-command.js';
import { requestUserInput } from './request-user-input.js';
import type { Tool, ToolCall, ToolOutput } from './tool.js';
import { updatePlan } from './update-plan.js';
import { viewImage } from './view-image.js';
import { writeStdin } from './write-stdin.js';

/** Every tool there is, in the order in which they are offered. */
const TOOLS: readonly Tool[] = [
  execCommand,
  writeStdin,
  updatePlan,
  requestUserInput,
  applyPatchTool,
  viewImage,
];

/** The tools that the model may call in this turn. */
export function enabledTools(context: TurnContext): Tool[] {
  return TOOLS.filter((tool) => tool.isEnabled(context));
}

/** Runs one call; a name that is not offered is answered to the model. See {@link Tool.run} for when it rejects. */
export async function runToolCall(name: string, call: ToolCall, context: TurnContext): Promise<ToolOutput> {
  const tool = enabledTools(context).find((candidate) => candidate.spec.name === name);
  return tool === undefined ? `unsupported call: ${name}` : tool.run(call, context);
}
