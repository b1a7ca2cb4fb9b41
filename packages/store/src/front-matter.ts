/** The keys at the head of a Markdown file; keys inside a table are joined with a dot. */
export type FrontMatter = ReadonlyMap<string, string>;

/**
 * Reads what stands between two lines `---` at the head of a Markdown file. Of YAML it understands what skills are written in: texts,
 * plain, quoted, or as an indented block after `>` or `|`, and one level of tables. Lists are not read.
 *
 * @returns Undefined where the file has no such head.
 */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const match = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) return undefined;
  const lines = (match[1] ?? '').split(/\r?\n/);
  const read = new Map<string, string>();
  let table = '';
  for (let index = 0; index < lines.length; index += 1) {
    const entry = /^(\s*)([\w-]+):(?:\s+(.*?))?\s*$/.exec(lines[index] ?? '');
    if (entry === null) continue;
    const [, indent = '', key = '', rest = ''] = entry;
    if (indent === '') table = '';
    const block = indentedAfter(lines, index, indent.length);
    const isBlock = /^[>|][+-]?$/.test(rest);
    const value = isBlock ? blockText(block, rest.startsWith('>')) : scalar(rest, block);
    if (value === '' && indent === '') table = `${key}.`;
    else read.set(`${indent === '' ? '' : table}${key}`, value);
    if (isBlock) index += block.length;
  }
  return read;
}

/** The lines after one that are indented deeper than it, or blank. */
function indentedAfter(lines: readonly string[], index: number, indent: number): readonly string[] {
  const block: string[] = [];
  for (const line of lines.slice(index + 1)) {
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    block.push(line);
  }
  return block;
}

function blockText(block: readonly string[], isFolded: boolean): string {
  return block
    .map((line) => line.trim())
    .join(isFolded ? ' ' : '\n')
    .trim();
}

/** A text on one line, or a plain one that goes on in deeper lines that hold no keys. */
function scalar(first: string, block: readonly string[]): string {
  const quoted = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(first);
  if (quoted !== null) return unquote(quoted[2] ?? '', quoted[1] ?? '');
  const plain = first.replace(/(?:^|\s+)#.*$/, '');
  const more = plain === '' ? [] : block.map((line) => line.trim()).filter((line) => line !== '');
  return [plain, ...more].join(' ').trim();
}

function unquote(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("''", "'");
  return text.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter);
}
