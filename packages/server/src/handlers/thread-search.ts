import { type FoundThread, literalPattern } from '@millrace/core';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { snippetAt } from '../snippet.js';
import { listedThread, threadPage } from '../thread-page.js';

/** Handles `thread/search`: the threads in whose name or messages something stands, with the first place where it does. */
export const handleThreadSearch: Handler<'thread/search'> = async (params, { services }) => {
  const { threads } = services;
  const text = params.searchTerm.trim();
  if (text === '') throw invalidRequest('thread/search requires a non-empty searchTerm');
  const { found, ...cursors } = await threadPage(params, { excludedIds: [], titlePart: '', text }, threads);
  const data = found.map((each) => ({ thread: listedThread(each, threads), snippet: snippetOf(each, text) }));
  return { data, ...cursors };
};

/** One line; the beginning of the text where the index and this server are not of one mind about what matches. */
function snippetOf({ summary, matchedText = summary.preview }: FoundThread, text: string): string {
  const match = literalPattern(text).exec(matchedText);
  const start = match?.index ?? 0;
  const { text: snippet } = snippetAt(matchedText, start, start + (match?.[0].length ?? 0));
  return snippet.replace(/\s+/g, ' ').trim();
}
