import { z } from 'zod';
import { CommandAction } from './command-execution.js';
import { externallyTagged } from './tagged.js';
import type { Wire } from './wire.js';

/** Allows or forbids one host from now on. */
export const NetworkPolicyAmendment = z.object({ host: z.string(), action: z.enum(['allow', 'deny']) });
export interface NetworkPolicyAmendment extends Wire<typeof NetworkPolicyAmendment> {}

const commandExecutionApprovalDecision = externallyTagged(
  ['accept', 'acceptForSession', 'decline', 'cancel'],
  {
    acceptWithExecpolicyAmendment: z.object({ execpolicy_amendment: z.array(z.string()) }),
    applyNetworkPolicyAmendment: z.object({ network_policy_amendment: NetworkPolicyAmendment }),
  },
  [
    'accept',
    'acceptForSession',
    'acceptWithExecpolicyAmendment',
    'applyNetworkPolicyAmendment',
    'decline',
    'cancel',
  ],
);

/**
 * What the client says to a command. `accept` counts once, `acceptForSession` for the same command as long as the thread is
 * loaded, an amendment for all commands that begin with its words; `decline` lets the turn go on, `cancel` ends it.
 */
export type CommandExecutionApprovalDecision = Wire<typeof commandExecutionApprovalDecision>;
export const CommandExecutionApprovalDecision: z.ZodType<
  CommandExecutionApprovalDecision,
  CommandExecutionApprovalDecision
> = commandExecutionApprovalDecision;

const commandExecutionRequestApprovalParams = z.object({
  kind: z.enum(['command', 'writeStdin', 'humanCommand']),
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.int(),
  /** Names one of several approvals of the same item. */
  approvalId: z.string().nullish(),
  environmentId: z.string().nullish(),
  /** Why the agent wants it, in its own words. Absent when it gave none. */
  reason: z.string().nullish(),
  networkApprovalContext: z
    .object({ host: z.string(), protocol: z.enum(['http', 'https', 'socks5Tcp', 'socks5Udp']) })
    .nullish(),
  command: z.string().nullish(),
  cwd: z.string().nullish(),
  commandActions: z.array(CommandAction).nullish(),
  proposedExecpolicyAmendment: z.array(z.string()).nullish(),
  proposedNetworkPolicyAmendments: z.array(NetworkPolicyAmendment).nullish(),
  availableDecisions: z.array(CommandExecutionApprovalDecision).nullish(),
});
/** Params of `item/commandExecution/requestApproval`. Absent fields do not apply. */
export interface CommandExecutionRequestApprovalParams
  extends Wire<typeof commandExecutionRequestApprovalParams> {}
export const CommandExecutionRequestApprovalParams: z.ZodType<CommandExecutionRequestApprovalParams> =
  commandExecutionRequestApprovalParams;

const commandExecutionRequestApprovalResponse = z.object({ decision: CommandExecutionApprovalDecision });
/** Answer to `item/commandExecution/requestApproval`. */
export interface CommandExecutionRequestApprovalResponse
  extends Wire<typeof commandExecutionRequestApprovalResponse> {}
export const CommandExecutionRequestApprovalResponse: z.ZodType<
  CommandExecutionRequestApprovalResponse,
  CommandExecutionRequestApprovalResponse
> = commandExecutionRequestApprovalResponse;

/** What the client says to a patch. `acceptForSession` covers later patches of the same files. */
export const FileChangeApprovalDecision = z.enum(['accept', 'acceptForSession', 'decline', 'cancel']);
export type FileChangeApprovalDecision = Wire<typeof FileChangeApprovalDecision>;

/** Params of `item/fileChange/requestApproval`. The patch is in the item of that id, which was started before. */
export const FileChangeRequestApprovalParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.int(),
  reason: z.string().nullable(),
  grantRoot: z.string().nullable(),
});
export interface FileChangeRequestApprovalParams extends Wire<typeof FileChangeRequestApprovalParams> {}

/** Answer to `item/fileChange/requestApproval`. */
export const FileChangeRequestApprovalResponse = z.object({ decision: FileChangeApprovalDecision });
export interface FileChangeRequestApprovalResponse extends Wire<typeof FileChangeRequestApprovalResponse> {}

/** Params of `serverRequest/resolved`: a server request has its end, whoever answered it. */
export const ServerRequestResolvedNotification = z.object({
  threadId: z.string(),
  requestId: z.union([z.int(), z.string()]),
});
export interface ServerRequestResolvedNotification extends Wire<typeof ServerRequestResolvedNotification> {}
