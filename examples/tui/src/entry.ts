import { printable } from '@millrace/exec';
import type { ThreadItem } from '@millrace/protocol';

/** Characters of a running item that are kept for the screen; the finished item is shown in full, but for output. */
const LIVE_CHARS = 2_000;
/** Lines of a command's output that are shown. */
const OUTPUT_LINES = 12;

export type EntryKind = 'user' | 'agent' | 'reasoning' | 'command' | 'patch' | 'notice' | 'error';

/** One paragraph of the transcript. Its texts are safe to print. */
export interface Entry {
  readonly id: string;
  readonly kind: EntryKind;
  readonly title: string;
  readonly text: string;
}

/** How an item is shown; undefined for one that this example does not show. */
export function toEntry(item: ThreadItem): Entry | undefined {
  const { id } = item;
  switch (item.type) {
    case 'userMessage':
      return entry(
        id,
        'user',
        '',
        item.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n'),
      );
    case 'agentMessage':
      return entry(id, 'agent', '', item.text);
    case 'reasoning':
      return entry(id, 'reasoning', '', item.summary.join('\n'));
    case 'commandExecution': {
      const end =
        item.status === 'inProgress'
          ? ''
          : ` (${item.status === 'declined' ? 'declined' : `exit ${item.exitCode ?? '?'}`})`;
      return entry(id, 'command', `$ ${item.command}${end}`, lastLines(item.aggregatedOutput ?? ''));
    }
    case 'fileChange': {
      const files = item.changes.map(({ path, kind }) => `${kind.type} ${path}`);
      return entry(
        id,
        'patch',
        `patch ${item.status}: ${files.join(', ')}`,
        lastLines(item.changes.map(({ diff }) => diff).join('\n')),
      );
    }
    default:
      return undefined;
  }
}

export function entry(id: string, kind: EntryKind, title: string, text: string): Entry {
  return { id, kind, title: printable(title), text: shown(text).trimEnd() };
}

/** The entry with more text at its end; only the end is kept. */
export function appendText(before: Entry, delta: string): Entry {
  const text = before.text + shown(delta);
  return { ...before, text: text.length > 2 * LIVE_CHARS ? text.slice(-LIVE_CHARS) : text };
}

/** The end of a text, in full lines. */
export function lastLines(text: string, count: number = OUTPUT_LINES): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= count
    ? lines.join('\n')
    : `… ${lines.length - count} lines\n${lines.slice(-count).join('\n')}`;
}

/** Without anything that speaks to the terminal; tabs as spaces, because a tab has no width that could be laid out. */
function shown(text: string): string {
  return printable(text).replaceAll('\t', '    ');
}
