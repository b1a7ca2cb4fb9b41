import { type CommandExecutionItem, LIMITS, newCommandExecution } from '@millrace/protocol';
import { absolutePath } from '../absolute-path.js';
import { commandActions } from '../command-actions.js';
import { judgeCommand } from '../command-policy.js';
import { heredocPatch } from '../heredoc-patch.js';
import { approximateTokens, execResultText, truncateForModel } from '../model-output.js';
import { type SandboxRules, SpawnError } from '../ports.js';
import { joinShellWords } from '../shell-words.js';
import { Terminal } from '../terminal.js';
import type { TurnContext } from '../turn-context.js';
import { applyPatch } from './apply-patch.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

/** A command that the model wants to run, worked out. */
interface Command {
  readonly callId: string;
  readonly script: string;
  readonly argv: readonly [string, ...string[]];
  /** The argument vector as one line, quoted for a shell. */
  readonly line: string;
  readonly cwd: string;
  readonly isTerminal: boolean;
  readonly yieldMs: number;
  readonly maxOutputTokens: number;
  readonly isEscalated: boolean;
  readonly justification: string | undefined;
}

export const execCommand: Tool = {
  spec: {
    type: 'function',
    name: 'exec_command',
    description:
      'Runs a command in a shell. Returns its output, or a session id when it is still running after the yield time.',
    parameters: {
      type: 'object',
      properties: {
        cmd: { type: 'string', description: 'Shell script to run.' },
        workdir: {
          type: 'string',
          description: 'Directory to run in; the working directory of the thread by default.',
        },
        login: { type: 'boolean', description: 'Whether the shell is a login shell; true by default.' },
        tty: {
          type: 'boolean',
          description: 'Whether the command gets a pseudo terminal; false by default.',
        },
        yield_time_ms: { type: 'number', description: 'Milliseconds to wait for the end before returning.' },
        max_output_tokens: { type: 'number', description: 'Most tokens of output to return.' },
        sandbox_permissions: { type: 'string', enum: ['use_default', 'require_escalated'] },
        justification: {
          type: 'string',
          description: 'One sentence for the user, with require_escalated only.',
        },
      },
      required: ['cmd'],
      additionalProperties: false,
    },
  },
  isEnabled: () => true,
  run: async (call, context) => {
    const parsed = parseArguments(call.input, {
      cmd: 'string',
      'workdir?': 'string',
      'shell?': 'string',
      'login?': 'boolean',
      'tty?': 'boolean',
      'yield_time_ms?': 'number',
      'max_output_tokens?': 'number',
      'sandbox_permissions?': 'string',
      'justification?': 'string',
    });
    if (parsed.type === 'invalid') return parsed.text;
    const args = parsed.value;
    const cwd = absolutePath(context.settings.cwd, args.workdir ?? '');
    const patch = heredocPatch(args.cmd);
    if (patch !== undefined)
      return applyPatch(call.callId, patch.patch, absolutePath(cwd, patch.workdir ?? ''), context);
    const argv: Command['argv'] = [
      args.shell ?? context.ports.host.shell,
      args.login === false ? '-c' : '-lc',
      args.cmd,
    ];
    return runCommand(
      {
        callId: call.callId,
        script: args.cmd,
        argv,
        line: joinShellWords(argv),
        cwd,
        isTerminal: args.tty === true,
        yieldMs: clamp(args.yield_time_ms ?? LIMITS.yieldMs, LIMITS.minYieldMs, LIMITS.maxYieldMs),
        maxOutputTokens: clamp(
          args.max_output_tokens ?? LIMITS.modelOutputTokens,
          1,
          LIMITS.maxModelOutputTokens,
        ),
        isEscalated: args.sandbox_permissions === 'require_escalated',
        justification: args.justification,
      },
      context,
    );
  },
};

async function runCommand(command: Command, context: TurnContext): Promise<string> {
  const { settings, ports, approvals, terminals } = context;
  if (terminals.isFull)
    return `exec_command failed: ${LIMITS.processes} commands are running; end one of them first`;
  const verdict = judgeCommand({
    settings,
    sandbox: ports.processes.sandbox,
    isEscalated: command.isEscalated,
    isGranted: approvals.isCommandGranted(command, command.cwd),
  });
  switch (verdict.type) {
    case 'refuse':
      return verdict.text;
    case 'ask':
      return askAndStart(command, verdict.sandbox, context);
    case 'run':
      return start(command, verdict.sandbox, context, undefined);
  }
}

/** Nothing runs before somebody said yes (AP-2). */
async function askAndStart(
  command: Command,
  sandbox: SandboxRules | null,
  context: TurnContext,
): Promise<string> {
  const { status, output, approvals, signal } = context;
  const item = commandItem(command, context, 'agent', null);
  const stopWaiting = status.wait('waitingOnApproval');
  await output.started(item);
  const approval = await approvals.askCommand(command, approvalParams(command, item, context), signal);
  stopWaiting();
  if (signal.aborted) {
    await output.completed({ ...item, status: 'failed' });
    throw signal.reason;
  }
  if (approval.type === 'accepted') return start(command, sandbox, context, item);
  await output.completed({ ...item, status: approval.type === 'failed' ? 'failed' : 'declined' });
  if (approval.type === 'cancelled') context.cancel();
  return approval.type === 'failed' ? 'approval request failed' : REJECTED;
}

const REJECTED = 'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }';

function approvalParams(command: Command, item: CommandExecutionItem, context: TurnContext) {
  const { threadId, turnId, approvals } = context;
  const amendment = approvals.proposedPrefix(command);
  const accept =
    amendment === undefined ? [] : [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: amendment } }];
  return {
    kind: 'command' as const,
    threadId,
    turnId,
    itemId: command.callId,
    startedAtMs: item.startedAtMs ?? context.output.now(),
    environmentId: 'local',
    ...(command.justification === undefined ? {} : { reason: command.justification }),
    command: command.line,
    cwd: command.cwd,
    commandActions: item.commandActions,
    ...(amendment === undefined ? {} : { proposedExecpolicyAmendment: amendment }),
    availableDecisions: ['accept' as const, ...accept, 'cancel' as const],
  };
}

/** Starts the command and waits for its end or its yield time. `announced` is the item where approval has shown it already. */
async function start(
  command: Command,
  sandbox: SandboxRules | null,
  context: TurnContext,
  announced: CommandExecutionItem | undefined,
): Promise<string> {
  const { ports, output, signal, terminals, threadId, turnId } = context;
  if (signal.aborted) throw signal.reason;
  const processId = terminals.newProcessId();
  const spawned = await spawn(command, sandbox, context);
  if (spawned instanceof SpawnError) return reportSpawnFailure(command, spawned, context, announced);
  const item = {
    ...(announced ?? commandItem(command, context, 'unifiedExecStartup', processId)),
    source: 'unifiedExecStartup' as const,
    processId,
  };
  const { events, clock } = ports;
  const terminal = new Terminal({
    process: spawned,
    item,
    script: command.script,
    threadId,
    turnId,
    events,
    clock,
  });
  terminals.add(terminal);
  if (announced === undefined) await output.started(item);
  return followTerminal(
    terminal,
    { waitMs: command.yieldMs, maxOutputTokens: command.maxOutputTokens },
    context,
  );
}

async function spawn(command: Command, sandbox: SandboxRules | null, { ports }: TurnContext) {
  const { argv, cwd, isTerminal } = command;
  const terminal = isTerminal ? { rows: 24, columns: 80 } : null;
  try {
    const input = isTerminal ? 'open' : 'none';
    return await ports.processes.spawn({ argv, cwd, env: ports.host.environment, terminal, input, sandbox });
  } catch (error) {
    if (error instanceof SpawnError) return error;
    throw error;
  }
}

async function reportSpawnFailure(
  command: Command,
  error: SpawnError,
  context: TurnContext,
  announced: CommandExecutionItem | undefined,
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

export interface FollowOptions {
  readonly waitMs: number;
  readonly maxOutputTokens: number;
  /** Called when the wait is over, before the end of the command is shown. */
  readonly afterWait?: () => Promise<void>;
}

/**
 * Waits for a command and tells the model what came of it. An interrupt kills the command's whole process group and completes its
 * item before it rejects.
 */
export async function followTerminal(
  terminal: Terminal,
  options: FollowOptions,
  context: TurnContext,
): Promise<string> {
  const { ports, signal } = context;
  const startedAt = ports.clock.monotonic();
  try {
    await terminal.attend(options.waitMs, signal);
  } catch (reason) {
    await terminal.kill();
    await reportEnd(terminal, context);
    throw reason;
  }
  await options.afterWait?.();
  if (terminal.isFinished) await reportEnd(terminal, context);
  const text = terminal.takeUnread();
  return execResultText({
    chunkId: ports.ids.integer(0x100000, 0xffffff).toString(16),
    wallTimeSeconds: (ports.clock.monotonic() - startedAt) / 1_000,
    exitCode: terminal.exitCode,
    sessionId: terminal.isFinished ? null : Number(terminal.item.processId),
    originalTokenCount: approximateTokens(text),
    output: truncateForModel(text, options.maxOutputTokens),
  });
}

/** Shows the end of a command, once: as an item of this turn, or of the earlier one that left it running. */
async function reportEnd(terminal: Terminal, { terminals, output, turnId }: TurnContext): Promise<void> {
  if (terminals.find(terminal.item.processId) !== terminal) return;
  terminals.remove(terminal);
  if (terminal.turnId === turnId) await output.completed(terminal.completedItem());
  else terminals.reportLateEnd(terminal);
}

function commandItem(
  command: Command,
  context: TurnContext,
  source: CommandExecutionItem['source'],
  processId: string | null,
): CommandExecutionItem {
  return newCommandExecution({
    id: command.callId,
    startedAtMs: context.output.now(),
    command: command.line,
    cwd: command.cwd,
    source,
    processId,
    commandActions: [...commandActions(command.script, command.cwd)],
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Math.trunc(value), low), high);
}
