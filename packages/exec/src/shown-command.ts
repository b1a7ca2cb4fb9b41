/** A shell, plain or as at login, that is given one script. */
const SHELL_CALL = /^(?:\S*\/)?(?:ba|z|da|k)?sh -l?c ([\s\S]+)$/;

const BARE = /^[-+./:@\]_0-9A-Za-z]+$/;
const SINGLE_QUOTED = /^'([^']*)'$/;
/** Without anything that a shell reads inside double quotes, but for an escaped quote or backslash. */
const DOUBLE_QUOTED = /^"((?:[^"\\$`!]|\\["\\])*)"$/;

/**
 * A command line as a person would type it: the script without the shell around it, where it stands in one pair of quotes, else the
 * whole line. For display only.
 */
export function shownCommand(line: string): string {
  const script = SHELL_CALL.exec(line)?.[1];
  if (script === undefined) return line;
  if (BARE.test(script)) return script;
  return (
    SINGLE_QUOTED.exec(script)?.[1] ?? DOUBLE_QUOTED.exec(script)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? line
  );
}
