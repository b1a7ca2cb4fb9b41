import { McpError } from '@millrace/core/ports';

/** What went wrong with a server, in one sentence: the code where the server answered, and the innermost cause where it did not. */
export function toMcpError(error: unknown): McpError {
  if (error instanceof McpError) return error;
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  return new McpError(code === undefined ? innermost(error) : textOf(error), { code, cause: error });
}

/** `fetch failed` says nothing; what made it fail does. */
function innermost(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause === error ? textOf(error) : `${textOf(error)}: ${textOf(cause)}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
