import { yieldToMacrotask } from '@millrace/channel';
import type Database from 'libsql';
import { MESSAGES_PER_THREAD } from './index-schema.js';

/** Characters below which the full-text index cannot help: it is one of groups of three. */
const INDEXED_CHARACTERS = 3;

/** Threads whose texts are looked through at once where the full-text index cannot help: some milliseconds (measured 2026-11-21). */
const WINDOW_THREADS = 512;

/**
 * The numbers of the threads in which a text stands anywhere, in upper or lower case. Two characters are a word in some languages,
 * so short texts are looked for too, without the full-text index and in steps between which others run.
 *
 * Throws and rejects with the library's own errors.
 */
export async function threadsWithText(database: Database.Database, text: string): Promise<readonly number[]> {
  if ([...text].length >= INDEXED_CHARACTERS) return threadsWithPhrase(database, text);
  const patterns = caseVariants(text).map((variant) => `%${variant.replace(/[\\%_]/g, '\\$&')}%`);
  const anyPattern = patterns.map(() => "c0 LIKE ? ESCAPE '\\'").join(' OR ');
  const search = database.prepare(
    `SELECT DISTINCT id / ${MESSAGES_PER_THREAD} AS no FROM message_content WHERE id >= ? AND id < ? AND (${anyPattern})`,
  );
  const { last } = database.prepare('SELECT max(no) AS last FROM thread').get() as {
    readonly last: number | null;
  };
  const found: number[] = [];
  for (let no = 0; no <= (last ?? -1); no += WINDOW_THREADS) {
    const bounds = [no * MESSAGES_PER_THREAD, (no + WINDOW_THREADS) * MESSAGES_PER_THREAD];
    found.push(...numbersOf(search.all(...bounds, ...patterns)));
    await yieldToMacrotask();
  }
  return found;
}

function threadsWithPhrase(database: Database.Database, text: string): readonly number[] {
  const phrase = `"${text.replaceAll('"', '""')}"`;
  const sql = `SELECT DISTINCT rowid / ${MESSAGES_PER_THREAD} AS no FROM message WHERE message MATCH ?`;
  return numbersOf(database.prepare(sql).all(phrase));
}

function numbersOf(rows: readonly unknown[]): readonly number[] {
  return (rows as readonly { readonly no: number }[]).map(({ no }) => no);
}

/** The text in all its spellings: LIKE knows only for ASCII which letters are the same. */
function caseVariants(text: string): readonly string[] {
  let variants = [''];
  for (const character of text) {
    const cases = new Set([character, character.toLowerCase(), character.toUpperCase()]);
    const single = [...cases].filter((spelling) => spelling.length === character.length);
    variants = variants.flatMap((variant) => single.map((spelling) => variant + spelling));
  }
  return [...new Set(variants)];
}
