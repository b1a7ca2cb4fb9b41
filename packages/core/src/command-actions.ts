import type { CommandAction } from '@millrace/protocol';
import { absolutePath } from './absolute-path.js';
import { type CommandSummary, summarizeCommand } from './command-summary.js';
import { parseShellScript, type ShellCommand } from './shell-script.js';
import { joinShellWords } from './shell-words.js';

/**
 * What a script does, in the terms that a client shows: files it reads, directories it lists, searches.
 *
 * The answer is for people, who see it when they are asked for approval, so it never claims less than the script does: as soon
 * as any part is not known to only read, list or search, the whole script is one `unknown`. Filters at the end of a pipe that
 * only shape text (`head`, `wc`, `sort` and the like) and `cd` are left out.
 *
 * @param cwd Absolute directory that the paths of `read` are resolved against.
 */
export function commandActions(script: string, cwd: string): readonly CommandAction[] {
  const commands = parseShellScript(script);
  const actions = commands === undefined ? undefined : summarizeScript(commands, script, cwd);
  return actions === undefined || actions.length === 0 ? [{ type: 'unknown', command: script }] : actions;
}

interface Part {
  readonly summary: CommandSummary;
  readonly command: string;
  readonly directory: string;
}

function summarizeScript(
  commands: readonly ShellCommand[],
  script: string,
  cwd: string,
): readonly CommandAction[] | undefined {
  const parts: Part[] = [];
  let directory = cwd;
  for (const [index, command] of commands.entries()) {
    const summary = summarizeCommand(command.words, command.operator === '|');
    if (summary === undefined) return undefined;
    if (summary.type === 'changeDirectory') {
      // After `||` it may not run, and in a pipe it changes nothing for the commands that follow.
      if (command.operator === '||' || commands[index + 1]?.operator === '|') return undefined;
      directory = absolutePath(directory, summary.path);
    } else if (summary.type !== 'filter') {
      parts.push({ summary, command: joinShellWords(command.words), directory });
    }
  }
  const [only] = parts;
  if (only === undefined) return undefined;
  // One action left: the script as a whole is what the person recognises, except for a search, whose query is enough.
  if (parts.length === 1 && (commands.length === 1 || only.summary.type !== 'search')) {
    return [toAction({ ...only, command: script })];
  }
  return parts.map(toAction);
}

function toAction({ summary, command, directory }: Part): CommandAction {
  switch (summary.type) {
    case 'read':
      return {
        type: 'read',
        command,
        name: shortPath(summary.path),
        path: absolutePath(directory, summary.path),
      };
    case 'listFiles':
      return { type: 'listFiles', command, path: summary.path === null ? null : shortPath(summary.path) };
    case 'search':
      return {
        type: 'search',
        command,
        query: summary.query,
        path: summary.path === null ? null : shortPath(summary.path),
      };
    case 'changeDirectory':
    case 'filter':
      throw new Error(`a ${summary.type} is not an action`);
  }
}

/** Directory names that say little about where something is. */
const DULL_NAMES = new Set(['build', 'dist', 'node_modules', 'src']);

/** The last part of a path that tells something, for display. */
function shortPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.findLast((part) => !DULL_NAMES.has(part)) ?? path;
}
