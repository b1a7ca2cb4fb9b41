/** Errors whose message is meant for the person at the command, by name, so that nothing need be loaded to tell them. */
const FOR_PEOPLE: readonly string[] = [
  'ConfigError',
  'ExecError',
  'ListenError',
  'ServerError',
  'TransportError',
  'UsageError',
];

/** Something on the command line that can be read but not be done. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What to print for an error: one line where a person can put it right, the stack where it is a bug of ours. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `unexpected error: ${String(error)}`;
  if (FOR_PEOPLE.includes(error.name)) return `${error.message}${originOf(error)}`;
  // What the operating system refused, such as a directory that may not be read.
  if ('code' in error && 'syscall' in error) return error.message;
  return `unexpected error: ${error.stack ?? error.message}`;
}

/** A value of the configuration may come from two places, and only broken syntax names the file by itself. */
function originOf(error: Error): string {
  return 'key' in error && typeof error.key === 'string' ? ' (in config.toml or --config)' : '';
}
