import { z } from 'zod';
import { externallyTagged } from './tagged.js';
import { orDefault, type Wire, type WireInput } from './wire.js';

const granularPolicy = z.object({
  sandbox_approval: z.boolean(),
  rules: z.boolean(),
  skill_approval: orDefault(z.boolean(), false),
  request_permissions: orDefault(z.boolean(), false),
  mcp_elicitations: z.boolean(),
});

const approvalPolicy = externallyTagged(['untrusted', 'on-request', 'never'], { granular: granularPolicy }, [
  'untrusted',
  'on-request',
  'granular',
  'never',
]);

/**
 * When a thread asks before it acts.
 *
 * `untrusted` asks for everything, `on-request` for what leaves the sandbox, `never` refuses instead of asking, and
 * `granular` says for each kind of question whether it is asked (true) or refused (false).
 */
export type ApprovalPolicy = Wire<typeof approvalPolicy>;
/** {@link ApprovalPolicy} as callers give it. */
export type GivenApprovalPolicy = WireInput<typeof approvalPolicy>;
export const ApprovalPolicy: z.ZodType<ApprovalPolicy, GivenApprovalPolicy> = approvalPolicy;

/** Who answers approvals. Millrace asks the user whatever is set. */
export const ApprovalsReviewer = z.enum(['user', 'auto_review', 'guardian_subagent']);
export type ApprovalsReviewer = Wire<typeof ApprovalsReviewer>;

/** The tone of the agent. */
export const Personality = z.enum(['none', 'friendly', 'pragmatic']);
export type Personality = Wire<typeof Personality>;

/** How hard a model thinks. Providers name their own levels, `low`, `medium` and `high` being usual. */
export const ReasoningEffort = z.string();
export type ReasoningEffort = Wire<typeof ReasoningEffort>;

/** Which summary of its reasoning a model gives. */
export const ReasoningSummary = z.enum(['auto', 'concise', 'detailed', 'none']);
export type ReasoningSummary = Wire<typeof ReasoningSummary>;

/** A named set of permissions that is in force. */
export const ActivePermissionProfile = z.object({ id: z.string(), extends: z.string().nullable() });
export interface ActivePermissionProfile extends Wire<typeof ActivePermissionProfile> {}
