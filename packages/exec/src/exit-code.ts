import type { TurnStatus } from '@millrace/protocol';

/** What the command tells the shell. A usage error is 2, and a second signal ends the process; both are the command's own business. */
export const EXIT_CODES = {
  /** The turn was completed, also when a command in it failed. */
  completed: 0,
  /** The turn failed, could not be begun, or its events ended before it did. */
  failed: 1,
  /** The turn was interrupted: 128 and the number of SIGINT. */
  interrupted: 130,
  /** The same by SIGTERM. */
  terminated: 143,
} as const;

/** The exit code for a turn that ended so. A turn that has not ended counts as failed. */
export function exitCodeOf(status: TurnStatus): number {
  return status === 'inProgress' ? EXIT_CODES.failed : EXIT_CODES[status];
}
