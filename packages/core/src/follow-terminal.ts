import { approximateTokens, execResultText, truncateForModel } from './model-output.js';
import type { Terminal } from './terminal.js';
import type { TurnContext } from './turn-context.js';

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
