/** What one simple command does, as far as a person asked for approval needs to know. Paths are as they were written. */
export type CommandSummary =
  | { readonly type: 'read'; readonly path: string }
  | { readonly type: 'listFiles'; readonly path: string | null }
  | { readonly type: 'search'; readonly query: string | null; readonly path: string | null }
  | { readonly type: 'changeDirectory'; readonly path: string }
  /** Shapes the text that comes through a pipe, and does nothing else. */
  | { readonly type: 'filter' };

type Summarize = (args: readonly string[], piped: boolean) => CommandSummary | undefined;

/**
 * Says what a command does, or undefined when that is not known for sure.
 *
 * Only commands and options that read and print are known: `sort -o`, `sed -i`, `find -delete`, `rg --pre` and others that
 * write or run something make the command unknown.
 *
 * @param piped The command reads what the one before it prints.
 */
export function summarizeCommand(
  words: readonly [string, ...string[]],
  piped: boolean,
): CommandSummary | undefined {
  const [name, ...args] = words;
  return COMMANDS.get(name)?.(args, piped);
}

const FILTER: CommandSummary = { type: 'filter' };

/** Operands (words that are no options), given which options take the next word as their value. */
function operandsOf(args: readonly string[], withValue: readonly string[] = []): readonly string[] {
  const operands: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') return [...operands, ...args.slice(index + 1)];
    if (withValue.includes(word)) index += 1;
    else if (!word.startsWith('-') || word === '-') operands.push(word);
  }
  return operands;
}

const hasAny = (args: readonly string[], options: readonly string[]): boolean =>
  args.some((word) => options.some((option) => word === option || word.startsWith(`${option}=`)));

const changeDirectory: Summarize = (args, piped) => {
  const [path, ...more] = args[0] === '--' ? args.slice(1) : args;
  if (piped || path === undefined || more.length > 0 || /^[-~]/.test(path)) return undefined;
  return { type: 'changeDirectory', path };
};

const listFiles =
  (withValue: readonly string[]): Summarize =>
  (args) => ({ type: 'listFiles', path: operandsOf(args, withValue)[0] ?? null });

/** Reads one file, or what is piped in. Several files are one too many to name. */
const readFile =
  (withValue: readonly string[]): Summarize =>
  (args, piped) => {
    const operands = operandsOf(args, withValue).filter((operand) => operand !== '-');
    const [path, ...more] = operands;
    if (path !== undefined) return more.length === 0 ? { type: 'read', path } : undefined;
    return piped ? FILTER : undefined;
  };

/** `sed -n` with a script that only prints lines. */
const readLines: Summarize = (args, piped) => {
  const [option, script, path, ...more] = args;
  if (option !== '-n' || script === undefined || !/^(\d+|\$)(,(\d+|\$))?p$/.test(script) || more.length > 0)
    return undefined;
  if (path === undefined) return piped ? FILTER : undefined;
  return { type: 'read', path };
};

const searchText =
  (withValue: readonly string[]): Summarize =>
  (args, piped) => {
    const pattern = optionValue(args, ['-e', '--regexp']);
    const operands = operandsOf(args, [...withValue, '-e', '--regexp']);
    const [query, path] = pattern === undefined ? operands : [pattern, operands[0]];
    if (query === undefined) return undefined;
    if (piped && path === undefined) return FILTER;
    return { type: 'search', query, path: path ?? null };
  };

const RG_VALUES = ['-A', '-B', '-C', '-g', '-j', '-m', '-M', '-t', '-T', '-f', '-d', '-r'].concat(
  ['--glob', '--iglob', '--type', '--type-not', '--max-count', '--max-depth', '--context', '--after-context'],
  [
    '--before-context',
    '--max-columns',
    '--sort',
    '--sortr',
    '--threads',
    '--color',
    '--file',
    '--replace',
    '--encoding',
  ],
); // Options of ripgrep that take the next word.

const ripgrep: Summarize = (args, piped) => {
  if (hasAny(args, ['--pre', '--hostname-bin'])) return undefined;
  if (hasAny(args, ['--files'])) return { type: 'listFiles', path: operandsOf(args, RG_VALUES)[0] ?? null };
  return searchText(RG_VALUES)(args, piped);
};

const FIND_ACTIONS = [
  '-delete',
  '-exec',
  '-execdir',
  '-ok',
  '-okdir',
  '-fprint',
  '-fprint0',
  '-fprintf',
  '-fls',
];

const find: Summarize = (args) => {
  if (hasAny(args, FIND_ACTIONS)) return undefined;
  const path = args[0] === undefined || /^[-(!]/.test(args[0]) ? null : args[0];
  const query = optionValue(args, ['-name', '-iname', '-path', '-ipath', '-regex', '-iregex']);
  return query === undefined ? { type: 'listFiles', path } : { type: 'search', query, path };
};

const FD_VALUES = ['-e', '-t', '-d', '-E', '-S', '-c', '-j'].concat(
  ['--extension', '--type', '--max-depth', '--min-depth', '--exclude', '--size', '--color', '--threads'],
  ['--changed-within', '--changed-before', '--owner'],
); // Options of fd that take the next word.

const fd: Summarize = (args) => {
  if (args.some((word) => /^(-[a-zA-Z]*[xX]|--exec|--exec-batch)/.test(word))) return undefined;
  const [query, path] = operandsOf(args, FD_VALUES);
  return query === undefined
    ? { type: 'listFiles', path: null }
    : { type: 'search', query, path: path ?? null };
};

const git: Summarize = ([subcommand, ...args], piped) => {
  if (subcommand === 'ls-files') return listFiles(['-x', '--exclude', '-X', '--exclude-from'])(args, piped);
  if (subcommand !== 'grep' || args.some((word) => /^(-O|--open-files-in-pager)/.test(word)))
    return undefined;
  return searchText(['-A', '-B', '-C', '-m', '--max-depth', '--threads'])(args, false);
};

/** A filter that reads or writes files when it has an operand, or one of these options. */
const filterWithout =
  (writing: RegExp | undefined, withValue: readonly string[] = []): Summarize =>
  (args, piped) => {
    if (!piped || args.some((word) => writing?.test(word))) return undefined;
    return operandsOf(args, withValue).length === 0 ? FILTER : undefined;
  };

/** A filter of standard input whose operands are patterns, never files. */
const textFilter: Summarize = (_args, piped) => (piped ? FILTER : undefined);

function optionValue(args: readonly string[], options: readonly string[]): string | undefined {
  const index = args.findIndex((word) => options.includes(word));
  return index === -1 ? undefined : args[index + 1];
}

const GREP_VALUES = [
  '-A',
  '-B',
  '-C',
  '-m',
  '-f',
  '--include',
  '--exclude',
  '--exclude-dir',
  '--max-count',
  '--context',
];
const LS_VALUES = ['-I', '-w', '--block-size', '--format', '--time-style', '--color', '--quoting-style'];

const COMMANDS: ReadonlyMap<string, Summarize> = new Map<string, Summarize>([
  ['cd', changeDirectory],
  ['ls', listFiles(LS_VALUES)],
  ['eza', listFiles(['-I', '--ignore-glob', '--sort', '--time-style'])],
  ['exa', listFiles(['-I', '--ignore-glob', '--sort', '--time-style'])],
  ['du', listFiles(['-d', '--max-depth', '-B', '--block-size', '--exclude'])],
  [
    'tree',
    (args, piped) =>
      hasAny(args, ['-o']) ? undefined : listFiles(['-L', '-P', '-I', '--filelimit'])(args, piped),
  ],
  ['cat', readFile([])],
  ['head', readFile(['-n', '-c', '--lines', '--bytes'])],
  ['tail', readFile(['-n', '-c', '--lines', '--bytes', '-s', '--pid'])],
  ['nl', readFile(['-b', '-d', '-f', '-h', '-i', '-l', '-n', '-s', '-v', '-w'])],
  ['wc', readFile([])],
  ['sed', readLines],
  ['rg', ripgrep],
  ['grep', searchText(GREP_VALUES)],
  ['egrep', searchText(GREP_VALUES)],
  ['fgrep', searchText(GREP_VALUES)],
  ['ag', searchText(['-A', '-B', '-C', '-m', '-G', '--ignore', '--depth'])],
  ['git', git],
  ['find', find],
  ['fd', fd],
  ['fdfind', fd],
  ['sort', filterWithout(/^(-[a-zA-Z]*[oT]|--output|--compress-program|--temporary)/, ['-k', '-t', '-S'])],
  ['uniq', filterWithout(undefined, ['-f', '-s', '-w'])],
  ['cut', filterWithout(undefined, ['-d', '-f', '-c', '-b'])],
  ['column', filterWithout(undefined, ['-s', '-t', '-c'])],
  ['tr', textFilter],
]);
