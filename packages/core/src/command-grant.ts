import { parseShellScript } from './shell-script.js';

/** The words that a command must begin with to pass without asking; never empty. */
export type CommandPrefix = readonly string[];

/** A script as it is handed to a shell. */
export interface ScriptCommand {
  /** The whole argument vector, the script included: `['/bin/bash', '-c', 'touch a']`. */
  readonly argv: readonly string[];
  readonly script: string;
}

/** The words of each simple command of a script, or undefined when it is more than that. See {@link parseShellScript}. */
export function segments(script: string): readonly (readonly string[])[] | undefined {
  return parseShellScript(script)?.map((command) => command.words);
}

/** The first words of `command` are those of `prefix`, each of them exactly. */
export function beginsWith(command: readonly string[], prefix: CommandPrefix): boolean {
  return prefix.length > 0 && prefix.every((word, index) => command[index] === word);
}

/**
 * True when every simple command of the script begins with one of the granted prefixes.
 *
 * A script that cannot be read as simple commands passes only when its whole argument vector was granted, word by word: no
 * prefix of something that we do not understand says what it does.
 */
export function isGranted(command: ScriptCommand, granted: readonly CommandPrefix[]): boolean {
  return proposedAmendment(command, granted) === undefined;
}

/**
 * What to propose as a new granted prefix: the first simple command that no granted prefix covers, or the whole argument
 * vector of a script that cannot be read as simple commands. Undefined when nothing is left to grant.
 */
export function proposedAmendment(
  command: ScriptCommand,
  granted: readonly CommandPrefix[] = [],
): readonly string[] | undefined {
  const words = segments(command.script);
  if (words !== undefined) {
    return words.find((segment) => !granted.some((prefix) => beginsWith(segment, prefix)));
  }
  const covered = granted.some(
    (prefix) => prefix.length === command.argv.length && beginsWith(command.argv, prefix),
  );
  return covered ? undefined : command.argv;
}
