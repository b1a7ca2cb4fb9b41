import type { Paint } from '@millrace/exec';
import type { DemoResult } from './demo-run.js';

/** The turn, and the workspace around it. */
export interface DemoReport {
  readonly result: DemoResult;
  /** Texts by file name. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/** What the demo says in the end, line by line. */
export function summarizeDemo({ result, before, after }: DemoReport, paint: Paint): readonly string[] {
  const { usage, events, end, elapsedMs } = result;
  const total = [...events.values()].reduce((sum, count) => sum + count, 0);
  const commands = result.commands.map(({ command, exitCode }) => `${command} → exit ${exitCode}`);
  const tokens =
    usage === undefined
      ? 'unknown'
      : `${usage.inputTokens} in, ${usage.outputTokens} out (estimated by the script)`;
  return [
    '',
    paint('bold', 'Summary'),
    ...fact('asked', [`${result.prompt.split('\n').length} instructions for the model "${result.model}"`]),
    ...fact('approved', result.approvals.length === 0 ? ['nothing was asked'] : result.approvals),
    ...fact('ran', commands.length === 0 ? ['no command'] : commands),
    ...fact('files', changedFiles(before, after)),
    ...fact('tokens', [tokens]),
    ...fact('events', [`${total} delivered, ${events.get('lagged') ?? 0} gaps, ${events.size} kinds`]),
    ...fact('ended', [`${end?.status ?? 'never'}, after ${elapsedMs} ms`]),
  ];
}

/**
 * What is not as it should be, one sentence each; nothing when all is well.
 *
 * @param expected The files that the prompt leads to; undefined for a prompt that is not ours, of which only the end is checked.
 */
export function checkDemo(
  { result, before, after }: DemoReport,
  expected: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  const { end, events, approvals, commands } = result;
  const problems: string[] = [];
  const ends = events.get('turn/completed') ?? 0;
  if (ends !== 1) problems.push(`turn/completed came ${ends} times`);
  if (end?.status === 'interrupted') problems.push('the turn was interrupted');
  if (expected === undefined) return problems;
  if (end?.status !== 'completed') problems.push(`the turn is ${end?.status}: ${end?.error?.message}`);
  if (approvals.length !== 3) problems.push(`${approvals.length} approvals were asked for, not 3`);
  if (commands.length !== 2 || commands.some(({ exitCode }) => exitCode !== 0))
    problems.push('the two commands did not both exit with 0');
  for (const [name, text] of Object.entries(expected)) {
    if (before.get(name) === text) problems.push(`${name} was like that before`);
    if (after.get(name) !== text) problems.push(`${name} holds ${JSON.stringify(after.get(name))}`);
  }
  return problems;
}

function fact(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(10)}${line}`);
}

function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  if (names.length === 0) return ['none changed'];
  return names.map((name) => `${name}: ${shown(before.get(name))} → ${shown(after.get(name))}`);
}

function shown(text: string | undefined): string {
  return text === undefined ? '(none)' : JSON.stringify(text);
}
