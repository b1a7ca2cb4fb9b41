import { LIMITS } from '@millrace/protocol';

/** Simple commands of one script. More than that is a program, not a command line. */
const MAX_COMMANDS = 64;

/** What stands between a command and the one before it. A line break counts as `;`. */
export type ShellOperator = '&&' | '||' | ';' | '|';

/** One simple command of a script. */
export interface ShellCommand {
  /** The words with their quotes taken off; at least one. Patterns such as `*.ts` stay as they were written. */
  readonly words: readonly [string, ...string[]];
  /** How it is tied to the command before it; undefined for the first. */
  readonly operator: ShellOperator | undefined;
}

const RESERVED = new Set(
  '! { } [[ ]] case coproc do done elif else esac fi for function if in select then time until while'.split(
    ' ',
  ),
);
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*(\[.*\])?\+?=/;
const SEPARATORS: readonly ShellOperator[] = ['&&', '||', ';', '|'];

/**
 * Reads a script that is nothing but simple commands joined by `&&`, `||`, `;`, `|` or line breaks.
 *
 * Answers undefined for everything else: expansions (`$x`, backquotes), redirections, assignments, subshells, background
 * jobs, keywords, comments, heredocs, braces, and whatever is malformed. So each word that comes back is exactly what the
 * shell will see, but for `*`, `?`, `[` and a leading `~`, which it may still expand into file names.
 */
export function parseShellScript(script: string): readonly ShellCommand[] | undefined {
  if (script.length > LIMITS.commandBytes || script.includes('\0')) return undefined;
  const commands: ShellCommand[] = [];
  let operator: ShellOperator | undefined;
  let words: string[] = [];
  for (let position = 0; position < script.length; ) {
    const token = nextToken(script, position);
    if (token === undefined || commands.length === MAX_COMMANDS) return undefined;
    position = token.end;
    if (token.type === 'word') {
      if (words.length === 0 && isSyntax(token.source)) return undefined;
      words.push(token.text);
    } else if (token.type === 'operator') {
      const command = commandOf(words, operator);
      // An empty line, also one after `&&` or `|`, separates nothing; every other separator ends a command.
      if (command === undefined && !token.lineBreak) return undefined;
      if (command === undefined) continue;
      commands.push(command);
      words = [];
      operator = token.operator;
    }
  }
  const last = commandOf(words, operator);
  if (last !== undefined) return [...commands, last];
  return operator === ';' ? commands : undefined; // Nothing at all, or an operator that waits for its right side.
}

function commandOf(words: readonly string[], operator: ShellOperator | undefined): ShellCommand | undefined {
  const [first, ...rest] = words;
  return first === undefined ? undefined : { words: [first, ...rest], operator };
}

/** Whether the first word of a command, as it was written, is a keyword or an assignment instead of a name. */
function isSyntax(source: string): boolean {
  return RESERVED.has(source) || ASSIGNMENT.test(source);
}

type Token =
  | { readonly type: 'blank'; readonly end: number }
  | {
      readonly type: 'operator';
      readonly operator: ShellOperator;
      readonly lineBreak: boolean;
      readonly end: number;
    }
  | { readonly type: 'word'; readonly text: string; readonly source: string; readonly end: number };

function nextToken(script: string, start: number): Token | undefined {
  const character = script.charAt(start);
  if (character === ' ' || character === '\t') return { type: 'blank', end: start + 1 };
  if (character === '\n') return { type: 'operator', operator: ';', lineBreak: true, end: start + 1 };
  const operator = SEPARATORS.find((separator) => script.startsWith(separator, start));
  if (operator === undefined) return readWord(script, start);
  const end = start + operator.length;
  if ('&|;'.includes(script.charAt(end) || ' ')) return undefined; // `|&`, `;;`, `&&&` and the like.
  return { type: 'operator', operator, lineBreak: false, end };
}

/** What ends a bare word. */
const WORD_END = /[ \t\n;|&]/;
/** What has a meaning of its own in a bare word, or is a control character. */
const SPECIAL = /[$`<>(){}\p{Cc}]/u;

function readWord(script: string, start: number): Token | undefined {
  if (script.charAt(start) === '#') return undefined;
  let text = '';
  let position = start;
  while (position < script.length && !WORD_END.test(script.charAt(position))) {
    const character = script.charAt(position);
    if (character === "'" || character === '"') {
      const piece =
        character === "'" ? readSingleQuoted(script, position) : readDoubleQuoted(script, position);
      if (piece === undefined) return undefined;
      text += piece.text;
      position = piece.end;
    } else if (character === '\\') {
      const escaped = script.charAt(position + 1);
      if (escaped === '' || escaped === '\n') return undefined;
      text += escaped;
      position += 2;
    } else if (script.startsWith('{}', position)) {
      text += '{}';
      position += 2;
    } else {
      if (SPECIAL.test(character)) return undefined;
      text += character;
      position += 1;
    }
  }
  const source = script.slice(start, position);
  return source === '' ? undefined : { type: 'word', text, source, end: position };
}

interface QuotedPiece {
  readonly text: string;
  readonly end: number;
}

function readSingleQuoted(script: string, start: number): QuotedPiece | undefined {
  const close = script.indexOf("'", start + 1);
  return close === -1 ? undefined : { text: script.slice(start + 1, close), end: close + 1 };
}

function readDoubleQuoted(script: string, start: number): QuotedPiece | undefined {
  let text = '';
  for (let position = start + 1; position < script.length; position += 1) {
    const character = script.charAt(position);
    if (character === '"') return { text, end: position + 1 };
    if (character === '$' || character === '`') return undefined;
    if (character !== '\\') {
      text += character;
      continue;
    }
    const escaped = script.charAt(position + 1);
    if (escaped === '\n') return undefined;
    text += '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
    position += 1;
  }
  return undefined;
}
