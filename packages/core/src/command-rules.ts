import { parseShellScript } from './shell-script.js';

/** One word of a rule: that word, or any of several. */
export type WordPattern = string | readonly string[];

/** What is known beforehand of the commands that begin with certain words. */
export interface PrefixRule {
  /** Never empty. Words are compared whole. */
  readonly pattern: readonly WordPattern[];
  /** `allow` runs without asking, `prompt` always asks, `forbidden` never runs. The strictest rule counts. */
  readonly decision: 'allow' | 'prompt' | 'forbidden';
  /** Where an `allow` holds. What was granted for the inside of a sandbox says nothing about the outside. */
  readonly where: 'sandbox' | 'anywhere';
}

/** The rules of this installation, in force for all threads. */
export interface CommandRules {
  readonly current: readonly PrefixRule[];
  /**
   * Adds a rule. It is in force at once, and durable when this resolves. Rejects with `StoreError` when it could not be kept;
   * it stays in force for the life of this process then. A rule that is there already is not added twice.
   */
  add(rule: PrefixRule): Promise<void>;
}

/** A script as it is handed to a shell. */
export interface ScriptCommand {
  /** The whole argument vector, the script included: `['/bin/bash', '-c', 'touch a']`. */
  readonly argv: readonly string[];
  readonly script: string;
}

/** A command with the place where it would run. */
export interface PlacedCommand extends ScriptCommand {
  /** True inside a sandbox. */
  readonly isConfined: boolean;
}

/** The words of each simple command of a script, or undefined when it is more than that. See {@link parseShellScript}. */
export function segments(script: string): readonly (readonly string[])[] | undefined {
  return parseShellScript(script)?.map((command) => command.words);
}

/** The first words of `command` are those of the pattern, each of them exactly. */
export function beginsWith(command: readonly string[], pattern: readonly WordPattern[]): boolean {
  return (
    pattern.length > 0 &&
    pattern.every((expected, index) => {
      const word = command[index];
      return typeof expected === 'string' ? word === expected : word !== undefined && expected.includes(word);
    })
  );
}

/**
 * What the rules say of a script; undefined when they say nothing.
 *
 * The strictest decision of any of its simple commands counts, and it is allowed only when each of them is. A script that cannot
 * be read as simple commands is judged by its whole argument vector, and allowed only by a rule that names every word of it: no
 * prefix of something that we do not understand says what it does.
 */
export function ruleOn(
  command: PlacedCommand,
  rules: readonly PrefixRule[],
): PrefixRule['decision'] | undefined {
  const words = segments(command.script);
  const decisions =
    words === undefined
      ? [strictest(command.argv, rules, (rule) => isAllowed(rule, command) && isWhole(rule, command.argv))]
      : words.map((segment) => strictest(segment, rules, (rule) => isAllowed(rule, command)));
  if (decisions.includes('forbidden')) return 'forbidden';
  if (decisions.includes('prompt')) return 'prompt';
  return decisions.length === 0 || decisions.includes(undefined) ? undefined : 'allow';
}

/**
 * What to propose as the words of a new rule: the first simple command that no rule allows, or the whole argument vector of a
 * script that cannot be read as simple commands. Undefined when nothing is left to allow.
 */
export function proposedAmendment(
  command: PlacedCommand,
  rules: readonly PrefixRule[] = [],
): readonly string[] | undefined {
  const words = segments(command.script);
  if (words === undefined) return ruleOn(command, rules) === 'allow' ? undefined : command.argv;
  return words.find((segment) => strictest(segment, rules, (rule) => isAllowed(rule, command)) !== 'allow');
}

function strictest(
  words: readonly string[],
  rules: readonly PrefixRule[],
  allows: (rule: PrefixRule) => boolean,
): PrefixRule['decision'] | undefined {
  const matching = rules.filter(({ pattern }) => beginsWith(words, pattern));
  const has = (decision: PrefixRule['decision']): boolean =>
    matching.some((rule) => rule.decision === decision);
  if (has('forbidden')) return 'forbidden';
  if (has('prompt')) return 'prompt';
  return matching.some(allows) ? 'allow' : undefined;
}

function isAllowed(rule: PrefixRule, { isConfined }: PlacedCommand): boolean {
  return rule.decision === 'allow' && (rule.where === 'anywhere' || isConfined);
}

function isWhole({ pattern }: PrefixRule, words: readonly string[]): boolean {
  return pattern.length === words.length;
}
