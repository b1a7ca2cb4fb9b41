import { type CommandExecutionItem, LIMITS, newCommandExecution } from '@millrace/protocol';
import type { CommandAction } from './action.js';
import type { Clearance } from './clearance.js';
import { commandActions } from './command-actions.js';
import { judgeCommand } from './command-policy.js';
import { proposedAmendment, ruleOn } from './command-rules.js';
import { followTerminal } from './follow-terminal.js';
import { type SandboxRules, SpawnError } from './ports.js';
import { joinShellWords } from './shell-words.js';
import { Terminal } from './terminal.js';
import type { TurnContext } from './turn-context.js';

/** A command that the model wants to run, worked out. */
export interface AgentCommand {
  readonly callId: string;
  readonly script: string;
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  readonly isTerminal: boolean;
  readonly yieldMs: number;
  readonly maxOutputTokens: number;
  /** True when it is to run outside the sandbox. */
  readonly isEscalated: boolean;
  readonly justification: string | undefined;
}

/** A command that is about to be started. */
interface Launch {
  readonly command: AgentCommand;
  readonly action: CommandAction;
  /** The item, where somebody was asked and so it was shown already. */
  readonly announced?: CommandExecutionItem;
}

/**
 * Runs a command if the policy, a rule or a person lets it, and waits for its end or its yield time.
 *
 * Returns what the model is told. Rejects when the turn was interrupted, after everything that was started has ended; and with
 * `StoreError` when an approval could not be recorded, then nothing was started (AP-4).
 */
export async function runCommand(command: AgentCommand, context: TurnContext): Promise<string> {
  const { settings, ports, approvals, terminals, turnId } = context;
  if (terminals.isFull)
    return `exec_command failed: ${LIMITS.processes} commands are running; end one of them first`;
  const { argv, cwd, script, isEscalated } = command;
  const actionIn = (sandbox: SandboxRules | null): CommandAction => ({
    type: 'command',
    argv,
    cwd,
    env: ports.host.environment,
    sandbox,
  });
  const verdict = judgeCommand({
    settings,
    sandbox: ports.processes.sandbox,
    permissions: approvals.permissions.inTurn(turnId),
    isEscalated,
    isGranted: (sandbox) => approvals.isCommandGranted(actionIn(sandbox)),
    ruleOn: (sandbox) => ruleOn({ argv, script, isConfined: sandbox !== null }, ports.rules.current),
  });
  if (verdict.type === 'refuse') return verdict.text;
  const action = actionIn(verdict.sandbox);
  if (verdict.type === 'ask') return askAndStart({ command, action }, context);
  return start({ command, action }, approvals.clear(action), context);
}

/** Nothing runs before somebody said yes (AP-2). */
async function askAndStart({ command, action }: Launch, context: TurnContext): Promise<string> {
  const { status, output, approvals, signal } = context;
  const item = commandItem(command, context, 'agent', null);
  const stopWaiting = status.wait('waitingOnApproval');
  await output.started(item);
  const method = 'item/commandExecution/requestApproval';
  const params = approvalParams({ command, action }, item, context);
  const approval = await approvals.ask({ method, params, action }, signal);
  stopWaiting();
  if (signal.aborted) {
    await output.completed({ ...item, status: 'failed' });
    throw signal.reason;
  }
  if (approval.type === 'accepted')
    return start({ command, action, announced: item }, approval.clearance, context);
  await output.completed({ ...item, status: approval.type === 'failed' ? 'failed' : 'declined' });
  if (approval.type === 'cancelled') context.cancel();
  return approval.type === 'failed' ? 'approval request failed' : REJECTED;
}

const REJECTED = 'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }';

function approvalParams(
  { command, action }: Launch,
  item: CommandExecutionItem,
  { threadId, turnId, ports, output }: TurnContext,
) {
  const { argv, script } = command;
  const amendment = proposedAmendment(
    { argv, script, isConfined: action.sandbox !== null },
    ports.rules.current,
  );
  const accept =
    amendment === undefined ? [] : [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: amendment } }];
  return {
    kind: 'command' as const,
    threadId,
    turnId,
    itemId: command.callId,
    startedAtMs: item.startedAtMs ?? output.now(),
    environmentId: 'local',
    ...(command.justification === undefined ? {} : { reason: command.justification }),
    command: item.command,
    cwd: command.cwd,
    commandActions: item.commandActions,
    ...(amendment === undefined ? {} : { proposedExecpolicyAmendment: amendment }),
    availableDecisions: ['accept' as const, ...accept, 'cancel' as const],
  };
}

/** Starts the command and waits for its end or its yield time. */
async function start(launch: Launch, clearance: Clearance, context: TurnContext): Promise<string> {
  const { ports, output, signal, terminals, threadId, turnId } = context;
  const { command, announced } = launch;
  if (signal.aborted) throw signal.reason;
  const processId = terminals.newProcessId();
  const spawned = await spawn(launch, clearance, context);
  if (spawned instanceof SpawnError) return reportSpawnFailure(launch, spawned, context);
  const item = {
    ...(announced ?? commandItem(command, context, 'unifiedExecStartup', processId)),
    source: 'unifiedExecStartup' as const,
    processId,
  };
  const { events, clock } = ports;
  const { script } = command;
  const terminal = new Terminal({ process: spawned, item, script, threadId, turnId, events, clock });
  terminals.add(terminal);
  if (announced === undefined) await output.started(item);
  const { yieldMs: waitMs, maxOutputTokens } = command;
  return followTerminal(terminal, { waitMs, maxOutputTokens }, context);
}

/** The only place where an agent starts a process: with leave for exactly this one (AP-3). */
async function spawn({ command, action }: Launch, clearance: Clearance, { ports, approvals }: TurnContext) {
  const { argv, cwd, env, sandbox } = action;
  const { isTerminal } = command;
  const terminal = isTerminal ? { rows: LIMITS.terminalRows, columns: LIMITS.terminalColumns } : null;
  const input = isTerminal ? 'open' : 'none';
  clearance.spend(approvals.digest(action));
  try {
    return await ports.processes.spawn({ argv, cwd, env, terminal, input, sandbox });
  } catch (error) {
    if (error instanceof SpawnError) return error;
    throw error;
  }
}

async function reportSpawnFailure(
  { command, announced }: Launch,
  error: SpawnError,
  context: TurnContext,
): Promise<string> {
  const reason =
    error.code === 'badWorkingDirectory' ? 'No such file or directory (os error 2)' : error.message;
  const text = `Failed to create unified exec process: ${reason}`;
  const item = announced ?? commandItem(command, context, 'unifiedExecStartup', null);
  if (announced === undefined) await context.output.started(item);
  await context.output.completed({
    ...item,
    source: 'unifiedExecStartup',
    status: 'failed',
    aggregatedOutput: text,
    exitCode: -1,
    durationMs: 0,
  });
  return `exec_command failed: ${text}`;
}

function commandItem(
  { callId, argv, cwd, script }: AgentCommand,
  { output }: TurnContext,
  source: CommandExecutionItem['source'],
  processId: string | null,
): CommandExecutionItem {
  return newCommandExecution({
    id: callId,
    startedAtMs: output.now(),
    command: joinShellWords(argv),
    cwd,
    source,
    processId,
    commandActions: [...commandActions(script, cwd)],
  });
}
