import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

const commandAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), command: z.string(), name: z.string(), path: z.string() }),
  z.object({ type: z.literal('listFiles'), command: z.string(), path: z.string().nullable() }),
  z.object({
    type: z.literal('search'),
    command: z.string(),
    query: z.string().nullable(),
    path: z.string().nullable(),
  }),
  z.object({ type: z.literal('unknown'), command: z.string() }),
]);

/** What one simple command of a script does, as far as its words tell. For display, never for permission. */
export type CommandAction = Wire<typeof commandAction>;
export const CommandAction: z.ZodType<CommandAction> = commandAction;

/** How a command stands. A non-zero exit is `failed`; a command that was not allowed is `declined`. */
export const CommandExecutionStatus = z.enum(['inProgress', 'completed', 'failed', 'declined']);
export type CommandExecutionStatus = Wire<typeof CommandExecutionStatus>;

/** Who runs a command: the agent while it still waits for approval, one of its sessions, or the user. */
export const CommandExecutionSource = z.enum([
  'agent',
  'userShell',
  'unifiedExecStartup',
  'unifiedExecInteraction',
]);
export type CommandExecutionSource = Wire<typeof CommandExecutionSource>;

/** A command that the agent or the user runs in a thread. */
export const CommandExecutionItem = z.object({
  type: z.literal('commandExecution'),
  id: z.string(),
  pluginId: z.string().nullable(),
  scriptPath: z.string().nullable(),
  /** The whole command line, quoted for a shell. */
  command: z.string(),
  /** Absolute. */
  cwd: z.string(),
  /** Names the process for follow-up input; null before it is started. */
  processId: z.string().nullable(),
  source: CommandExecutionSource,
  status: CommandExecutionStatus,
  commandActions: z.array(CommandAction),
  /** Standard output and error in one, shortened in the middle beyond its limit; null until the command ended. */
  aggregatedOutput: z.string().nullable(),
  exitCode: z.int().nullable(),
  durationMs: z.int().nullable(),
  ...ITEM_TIMES,
});
export interface CommandExecutionItem extends Wire<typeof CommandExecutionItem> {}

/** An open command. */
export function newCommandExecution(
  fields: ItemStart &
    Pick<CommandExecutionItem, 'command' | 'cwd' | 'source' | 'commandActions'> &
    Partial<Pick<CommandExecutionItem, 'processId'>>,
): CommandExecutionItem {
  return {
    type: 'commandExecution',
    id: fields.id,
    pluginId: null,
    scriptPath: null,
    command: fields.command,
    cwd: fields.cwd,
    processId: fields.processId ?? null,
    source: fields.source,
    status: 'inProgress',
    commandActions: fields.commandActions,
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
