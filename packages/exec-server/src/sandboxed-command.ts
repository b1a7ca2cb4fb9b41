import type { SandboxRules } from '@millrace/core/ports';
import { bubblewrapCommand } from './bubblewrap.js';
import type { Command } from './child.js';
import { seatbeltCommand } from './seatbelt.js';

/** The sandboxes that there are adapters for. */
export type SandboxKind = 'bubblewrap' | 'seatbelt';

export interface SandboxedOptions {
  /** Absolute path of the program that makes the sandbox. */
  readonly executable: string;
  readonly rules: SandboxRules;
  /** True for a process that leads the session of a terminal of its own: a new session would take it away again. */
  readonly keepSession: boolean;
  /** Paths that stay read-only inside writable roots, besides the protected names. */
  readonly protectedPaths?: readonly string[];
}

type Adapter = (command: Command, options: SandboxedOptions) => Promise<Command>;

const ADAPTERS: Readonly<Record<SandboxKind, Adapter>> = {
  bubblewrap: bubblewrapCommand,
  seatbelt: seatbeltCommand,
};

/** The command that runs `command` in a sandbox of that kind. Rejects where the sandbox cannot be prepared. */
export function sandboxedCommand(
  command: Command,
  kind: SandboxKind,
  options: SandboxedOptions,
): Promise<Command> {
  return ADAPTERS[kind](command, options);
}
