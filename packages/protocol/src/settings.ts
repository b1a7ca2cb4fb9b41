import { z } from 'zod';
import {
  ActivePermissionProfile,
  ApprovalPolicy,
  ApprovalsReviewer,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
} from './policy.js';
import { SandboxPolicy } from './sandbox.js';
import type { Wire } from './wire.js';

/** Whether the agent acts, or only plans, and with which model. */
export const CollaborationMode = z.object({
  mode: z.enum(['plan', 'default']),
  settings: z.object({
    model: z.string(),
    reasoning_effort: ReasoningEffort.nullish(),
    developer_instructions: z.string().nullish(),
  }),
});
export interface CollaborationMode extends Wire<typeof CollaborationMode> {}

/** Where a thread runs its commands. */
export const ThreadEnvironment = z.object({
  environmentId: z.string(),
  cwd: z.string(),
  runtimeWorkspaceRoots: z.array(z.string()),
});
export interface ThreadEnvironment extends Wire<typeof ThreadEnvironment> {}

const threadSettings = z.object({
  disabledPluginIds: z.array(z.string()),
  cwd: z.string(),
  environments: z.array(ThreadEnvironment),
  approvalPolicy: ApprovalPolicy,
  approvalsReviewer: ApprovalsReviewer,
  sandboxPolicy: SandboxPolicy,
  activePermissionProfile: ActivePermissionProfile.nullable(),
  model: z.string(),
  modelProvider: z.string(),
  serviceTier: z.string().nullable(),
  effort: ReasoningEffort.nullable(),
  summary: ReasoningSummary.nullable(),
  collaborationMode: CollaborationMode,
  multiAgentMode: z.string(),
  personality: Personality.nullable(),
});

/** What the next turn of a thread runs with. */
export interface ThreadSettings extends Wire<typeof threadSettings> {}
export const ThreadSettings: z.ZodType<ThreadSettings> = threadSettings;

/** Params of `thread/settings/updated`. */
export const ThreadSettingsUpdatedNotification = z.object({
  threadId: z.string(),
  threadSettings: ThreadSettings,
});
export interface ThreadSettingsUpdatedNotification extends Wire<typeof ThreadSettingsUpdatedNotification> {}
