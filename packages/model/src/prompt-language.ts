/** One line of a prompt, understood. */
export type Instruction =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'think'; readonly text: string }
  | { readonly type: 'stream'; readonly deltas: number }
  | { readonly type: 'run'; readonly command: string; readonly escalate: boolean }
  | { readonly type: 'write'; readonly path: string; readonly text: string }
  | { readonly type: 'edit'; readonly path: string; readonly oldLine: string; readonly newLine: string }
  | { readonly type: 'plan'; readonly steps: readonly string[] }
  | { readonly type: 'ask'; readonly question: string }
  | { readonly type: 'sleep'; readonly durationMs: number }
  | { readonly type: 'fail'; readonly message: string }
  /** A line that could not be understood; `problem` is a sentence for the person who wrote it. */
  | { readonly type: 'unclear'; readonly problem: string };

export type Keyword =
  | 'say'
  | 'think'
  | 'stream'
  | 'run'
  | 'run!'
  | 'write'
  | 'edit'
  | 'plan'
  | 'ask'
  | 'sleep'
  | 'fail';

interface KeywordRule {
  /** The form of the line, as it is shown to people. */
  readonly form: string;
  readonly meaning: string;
  /** Reads what follows the keyword, trimmed and not empty; undefined when it does not have the form. */
  readonly read: (rest: string) => Instruction | undefined;
}

/** Deltas that one `stream` may ask for: about 7 MB of text in the finished message. */
const STREAM_DELTAS_MAX = 1_000_000;

/** Milliseconds that one `sleep` may take: ten minutes, so that a typing error does not hold a turn for days. */
const SLEEP_MAX_MS = 600_000;

/** Instructions of one prompt; a longer prompt is cut here and says so. Below the model calls that one turn may have. */
export const INSTRUCTIONS_MAX = 500;

/** Characters of a line that are repeated to the person who wrote it. */
const QUOTED_LINE_MAX = 120;

/**
 * The whole prompt language. One instruction a line; blank lines and space around a line do not matter.
 *
 * In `say`, `write` and `edit`, `\n` stands for a line break, `\t` for a tab and `\\` for a backslash. A path with spaces
 * stands in double quotes.
 */
export const PROMPT_LANGUAGE: Readonly<Record<Keyword, KeywordRule>> = {
  say: {
    form: 'say <text>',
    meaning: 'answer with the text',
    read: (rest) => ({ type: 'say', text: unescapeText(rest) }),
  },
  think: {
    form: 'think <text>',
    meaning: 'show the text as reasoning',
    read: (rest) => ({ type: 'think', text: rest }),
  },
  stream: {
    form: 'stream <n>',
    meaning: 'answer with n deltas: 0 1 2 and so on',
    read: (rest) => {
      const deltas = readInteger(rest, 1, STREAM_DELTAS_MAX);
      return deltas === undefined ? undefined : { type: 'stream', deltas };
    },
  },
  run: {
    form: 'run <command>',
    meaning: 'run the shell command',
    read: (rest) => ({ type: 'run', command: rest, escalate: false }),
  },
  'run!': {
    form: 'run! <command>',
    meaning: 'ask to run it outside the sandbox',
    read: (rest) => ({ type: 'run', command: rest, escalate: true }),
  },
  write: {
    form: 'write <path> <text>',
    meaning: 'write a file with the text and a line break',
    read: (rest) => {
      const target = readPath(rest);
      return target === undefined
        ? undefined
        : { type: 'write', path: target.path, text: unescapeText(target.rest) };
    },
  },
  edit: {
    form: 'edit <path> <old line> => <new line>',
    meaning: 'replace the first line that is exactly the old one; nothing after => removes it',
    read: readEdit,
  },
  plan: {
    form: 'plan <step>; <step>',
    meaning: 'publish a plan',
    read: (rest) => {
      const steps = rest.split(';').map((step) => step.trim());
      const named = steps.filter((step) => step !== '');
      return named.length === 0 ? undefined : { type: 'plan', steps: named };
    },
  },
  ask: {
    form: 'ask <question>',
    meaning: 'ask you, and wait for the answer',
    read: (rest) => ({ type: 'ask', question: rest }),
  },
  sleep: {
    form: 'sleep <ms>',
    meaning: `wait so many milliseconds, at most ${SLEEP_MAX_MS}`,
    read: (rest) => {
      const durationMs = readInteger(rest, 0, SLEEP_MAX_MS);
      return durationMs === undefined ? undefined : { type: 'sleep', durationMs };
    },
  },
  fail: {
    form: 'fail <message>',
    meaning: 'let the model response fail',
    read: (rest) => ({ type: 'fail', message: rest }),
  },
};

/**
 * Reads a prompt. Never throws.
 *
 * @returns undefined when the first line that is not blank is no instruction: then the whole text is prose, so that a pasted
 * letter with a line such as "run away" in it runs nothing. Later lines that are not understood become `unclear`.
 */
export function parsePrompt(text: string): readonly Instruction[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const first = lines.find((line) => line !== '');
  if (first === undefined || splitKeyword(first) === undefined) return undefined;
  const instructions: Instruction[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    if (instructions.length === INSTRUCTIONS_MAX) {
      instructions.push({
        type: 'unclear',
        problem: `A prompt has at most ${INSTRUCTIONS_MAX} instructions.`,
      });
      break;
    }
    const number = index + 1;
    const problem = `Line ${number} is not an instruction: ${quote(line)}.`;
    instructions.push(readInstruction(line, number) ?? { type: 'unclear', problem });
  }
  return instructions;
}

/**
 * Reads a prepared reply: the same language, but a line that is no instruction is said as it stands. Such lines that follow
 * each other are one message.
 */
export function parseReply(text: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  let spoken: string[] = [];
  const endMessage = (): void => {
    const message = spoken.join('\n').trim();
    if (message !== '') instructions.push({ type: 'say', text: message });
    spoken = [];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const instruction = readInstruction(line.trim(), index + 1);
    if (instruction === undefined) {
      spoken.push(line);
      continue;
    }
    endMessage();
    instructions.push(instruction);
  }
  endMessage();
  return instructions;
}

function readInstruction(line: string, number: number): Instruction | undefined {
  const split = splitKeyword(line);
  if (split === undefined) return undefined;
  const rule = PROMPT_LANGUAGE[split.keyword];
  const instruction = split.rest === '' ? undefined : rule.read(split.rest);
  return (
    instruction ?? {
      type: 'unclear',
      problem: `Line ${number} should read "${rule.form}" (${rule.meaning}), but it is ${quote(line)}.`,
    }
  );
}

function splitKeyword(line: string): { readonly keyword: Keyword; readonly rest: string } | undefined {
  const word = /^\S+/.exec(line)?.[0] ?? '';
  if (!Object.hasOwn(PROMPT_LANGUAGE, word)) return undefined;
  return { keyword: word as Keyword, rest: line.slice(word.length).trim() };
}

function readEdit(rest: string): Instruction | undefined {
  const target = readPath(rest);
  const arrowAt = target?.rest.indexOf(' =>') ?? -1;
  if (target === undefined || arrowAt === -1) return undefined;
  const oldLine = unescapeText(target.rest.slice(0, arrowAt).trimEnd());
  const newLine = unescapeText(target.rest.slice(arrowAt + ' =>'.length).trimStart());
  return { type: 'edit', path: target.path, oldLine, newLine };
}

/** Splits off a path. Plain searching, no backtracking: a line may be a megabyte long. */
function readPath(rest: string): { readonly path: string; readonly rest: string } | undefined {
  const isQuoted = rest.startsWith('"');
  const end = isQuoted ? rest.indexOf('"', 1) : rest.search(/\s/);
  if (end <= (isQuoted ? 1 : 0)) return undefined;
  const path = rest.slice(isQuoted ? 1 : 0, end);
  const text = rest.slice(isQuoted ? end + 1 : end).trimStart();
  return text === '' ? undefined : { path, rest: text };
}

function readInteger(text: string, low: number, high: number): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}

function unescapeText(text: string): string {
  return text.replace(/\\([nt\\])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 't' ? '\t' : '\\',
  );
}

function quote(line: string): string {
  return JSON.stringify(line.length > QUOTED_LINE_MAX ? `${line.slice(0, QUOTED_LINE_MAX)}…` : line);
}
