import {
  type FoundThread,
  literalPattern,
  sourceKindOf,
  type ThreadQuery,
  type ThreadSummary,
  titleOf,
} from '@millrace/core/ports';
import type Database from 'libsql';
import type { FileStamp } from './disk.js';
import { selectionFor, selectionValues } from './index-query.js';
import { INDEX_SCHEMA, MESSAGES_PER_THREAD } from './index-schema.js';
import { threadsWithText } from './index-search.js';
import { FILE_START, type FilePosition } from './thread-tail.js';

/** Milliseconds that a statement waits for another process. More would hold up the event loop; whoever writes tries again later. */
const BUSY_TIMEOUT_MS = 20;

/** What the index knows of a thread file. */
export interface IndexedThread {
  readonly position: FilePosition;
  readonly summary: ThreadSummary | undefined;
}

/** What was read of a thread file since. */
export interface IndexStep {
  readonly threadId: string;
  /** Size and time of the file, taken before it was read. */
  readonly stamp: FileStamp;
  readonly from: FilePosition;
  readonly to: FilePosition;
  /** The whole summary as it is then; undefined for a file in which there is no thread. */
  readonly summary: ThreadSummary | undefined;
  /** What was said since, in order. */
  readonly said: readonly Said[];
}

/** What happens to the messages of a thread. */
export type Said =
  | { readonly type: 'text'; readonly text: string }
  /** A turn begins. */
  | { readonly type: 'turn'; readonly turnId: string }
  /** The messages of that turn, and of those after it, are gone. */
  | { readonly type: 'reverted'; readonly turnId: string };

interface Row {
  readonly no: number;
  readonly end_bytes: number;
  readonly next_seq: number;
  readonly last_line_bytes: number;
  readonly last_line_crc: number;
  readonly messages: number;
  readonly summary: string | null;
}

/**
 * The index of one home as tables of SQLite, in write-ahead mode: many processes may read and write it.
 *
 * Every method is short, a few milliseconds at 10,000 threads (measured 2026-11-21), because it holds up the event loop. They throw
 * the library's own errors, see {@link sqliteErrorCode}.
 */
export class IndexDatabase {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec(INDEX_SCHEMA);
  }

  /** Undefined for a thread of which the index knows nothing. */
  read(threadId: string): IndexedThread | undefined {
    const row = this.#row(threadId);
    return row && { position: positionOf(row), summary: summaryOf(row) };
  }

  /** Size and time of every thread file when it was read. */
  stamps(): ReadonlyMap<string, FileStamp> {
    const rows = this.#prepare('SELECT id, size_bytes, modified_at_ms FROM thread').all() as readonly {
      readonly id: string;
      readonly size_bytes: number;
      readonly modified_at_ms: number;
    }[];
    return new Map(
      rows.map((row) => [row.id, { sizeBytes: row.size_bytes, modifiedAtMs: row.modified_at_ms }]),
    );
  }

  /** Takes down what was read; `'outdated'`, and nothing is done, where another process has read further meanwhile. */
  write(step: IndexStep): 'written' | 'outdated' {
    return this.#transaction(() => {
      const row = this.#row(step.threadId);
      const isFromStart = step.from.endBytes === 0;
      const known = row === undefined ? FILE_START : positionOf(row);
      if (!isFromStart && !isSamePosition(known, step.from)) return 'outdated';
      if (row !== undefined && isFromStart) this.#removeSaid(row.no);
      const before = row !== undefined && !isFromStart ? row : undefined;
      const no = row?.no ?? this.#nextNumber();
      this.#writeName(no, step.summary?.name ?? null, before);
      this.#writeThread(no, step, this.#writeMessages(no, step.said, before?.messages ?? 0));
      return 'written';
    });
  }

  remove(threadId: string): void {
    this.#transaction(() => {
      const row = this.#row(threadId);
      if (row === undefined) return;
      this.#removeSaid(row.no);
      this.#prepare('DELETE FROM thread WHERE no = ?').run(row.no);
    });
  }

  /** Answers a query; a search yields to others where it has much to look through. */
  async find(query: ThreadQuery): Promise<readonly FoundThread[]> {
    const pattern = literalPattern(query.text);
    const numbers = query.text === '' ? null : await threadsWithText(this.#database, query.text);
    const rows = this.#prepare(selectionFor(query)).all(...selectionValues(query, numbers));
    return (rows as readonly { readonly no: number; readonly summary: string }[]).map(({ no, summary }) => ({
      summary: JSON.parse(summary) as ThreadSummary,
      matchedText: query.text === '' ? undefined : this.#firstMatch(no, pattern),
    }));
  }

  /** Puts everything into the one file, where nobody else is reading. Never throws. */
  close(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Whoever opens the index next does that.
    }
    this.#statements.clear();
    this.#database.close();
  }

  #firstMatch(no: number, pattern: RegExp): string | undefined {
    const texts = this.#prepare(
      'SELECT c0 AS text FROM message_content WHERE id >= ? AND id < ? ORDER BY id',
    );
    for (const row of texts.iterate(no * MESSAGES_PER_THREAD, (no + 1) * MESSAGES_PER_THREAD)) {
      const { text } = row as { readonly text: string };
      if (text.search(pattern) !== -1) return text;
    }
    return undefined;
  }

  #writeName(no: number, name: string | null, before: Row | undefined): void {
    if (name === (before === undefined ? null : (summaryOf(before)?.name ?? null))) return;
    this.#prepare('DELETE FROM message WHERE rowid = ?').run(no * MESSAGES_PER_THREAD);
    if (name !== null) this.#insertMessage(no, 0, name);
  }

  /** Returns how many messages the thread has then. */
  #writeMessages(no: number, said: readonly Said[], before: number): number {
    let messages = before;
    for (const each of said) {
      if (each.type === 'text') {
        messages += 1;
        if (messages < MESSAGES_PER_THREAD) this.#insertMessage(no, messages, each.text);
      } else if (each.type === 'turn') {
        const sql = 'INSERT OR IGNORE INTO turn (no, id, messages) VALUES (?, ?, ?)';
        this.#prepare(sql).run(no, each.turnId, messages);
      } else messages = this.#revert(no, each.turnId) ?? messages;
    }
    return messages;
  }

  #insertMessage(no: number, place: number, text: string): void {
    this.#prepare('INSERT INTO message (rowid, text) VALUES (?, ?)').run(
      no * MESSAGES_PER_THREAD + place,
      text,
    );
  }

  /** Returns how many messages are left; undefined for a turn that never began. */
  #revert(no: number, turnId: string): number | undefined {
    const turn = this.#prepare('SELECT messages FROM turn WHERE no = ? AND id = ?').get(no, turnId) as
      | { readonly messages: number }
      | undefined;
    if (turn === undefined) return undefined;
    this.#prepare('DELETE FROM turn WHERE no = ? AND (messages > ? OR id = ?)').run(
      no,
      turn.messages,
      turnId,
    );
    this.#removeMessages(no, turn.messages + 1);
    return turn.messages;
  }

  #writeThread(no: number, { threadId, stamp, to, summary }: IndexStep, messages: number): void {
    const { cwd, modelProvider } = summary?.settings ?? summary?.meta ?? { cwd: '', modelProvider: '' };
    const values = [
      no,
      threadId,
      summary?.isArchived === true ? 1 : 0,
      summary?.meta.createdAt ?? 0,
      summary?.updatedAt ?? 0,
      summary === undefined ? '' : sourceKindOf(summary),
      modelProvider,
      cwd,
      stamp.sizeBytes,
      stamp.modifiedAtMs,
      to.endBytes,
      to.nextSeq,
      to.lastLineBytes,
      to.lastLineCrc,
      messages,
      summary === undefined ? '' : titleOf(summary),
      summary === undefined ? null : JSON.stringify(summary),
    ];
    this.#prepare(`REPLACE INTO thread VALUES (${values.map(() => '?').join(', ')})`).run(...values);
  }

  #removeMessages(no: number, from: number): void {
    const bounds = [no * MESSAGES_PER_THREAD + from, (no + 1) * MESSAGES_PER_THREAD];
    this.#prepare('DELETE FROM message WHERE rowid >= ? AND rowid < ?').run(...bounds);
  }

  #removeSaid(no: number): void {
    this.#removeMessages(no, 0);
    this.#prepare('DELETE FROM turn WHERE no = ?').run(no);
  }

  #nextNumber(): number {
    const row = this.#prepare('SELECT coalesce(max(no), 0) + 1 AS no FROM thread').get();
    return (row as { readonly no: number }).no;
  }

  #row(threadId: string): Row | undefined {
    const sql =
      'SELECT no, end_bytes, next_seq, last_line_bytes, last_line_crc, messages, summary FROM thread WHERE id = ?';
    return this.#prepare(sql).get(threadId) as Row | undefined;
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** There are as many statements as this file has texts of them. */
  #prepare(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The platform-independent code of an error of the library, such as `SQLITE_BUSY`; undefined for any other value. */
export function sqliteErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'SqliteError' || !('code' in error)) return undefined;
  return String(error.code);
}

function positionOf(row: Row): FilePosition {
  return {
    endBytes: row.end_bytes,
    nextSeq: row.next_seq,
    lastLineBytes: row.last_line_bytes,
    lastLineCrc: row.last_line_crc,
  };
}

function isSamePosition(a: FilePosition, b: FilePosition): boolean {
  return a.endBytes === b.endBytes && a.nextSeq === b.nextSeq && a.lastLineCrc === b.lastLineCrc;
}

function summaryOf({ summary }: Row): ThreadSummary | undefined {
  return summary === null ? undefined : (JSON.parse(summary) as ThreadSummary);
}
