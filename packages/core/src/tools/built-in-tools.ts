import { applyPatchTool } from './apply-patch.js';
import { execCommand } from './exec-command.js';
import { GOAL_TOOLS } from './goal-tools.js';
import { requestPermissions } from './request-permissions.js';
import { requestUserInput } from './request-user-input.js';
import type { Tool, ToolSource } from './tool.js';
import { updatePlan } from './update-plan.js';
import { viewImage } from './view-image.js';
import { writeStdin } from './write-stdin.js';

const TOOLS: readonly Tool[] = [
  execCommand,
  writeStdin,
  updatePlan,
  requestUserInput,
  requestPermissions,
  applyPatchTool,
  viewImage,
  ...GOAL_TOOLS,
];

/** The tools of somebody who looks and changes nothing. */
export const REVIEW_TOOLS: ToolSource = { tools: () => [execCommand, writeStdin, viewImage] };

/** The tools that every thread has, in the order in which they are offered. */
export const BUILT_IN_TOOLS: ToolSource = { tools: () => TOOLS };
