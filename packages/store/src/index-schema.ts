/**
 * The version of the index, which is part of its file name: an index of another version is left to the Millrace that made it, and
 * this one builds its own from the thread files.
 */
const SCHEMA_VERSION = 1;

/** The directory of the index, inside the home. It may be removed whenever no Millrace runs: it is built again. */
export const INDEX_DIRECTORY = 'index';

export const INDEX_FILE = `threads-v${SCHEMA_VERSION}.sqlite`;

/**
 * `thread`: one row a thread file. `summary` is null for a file in which there is no thread; the columns before it are what
 * queries filter and sort by, and `size_bytes` to `last_line_crc` say how far the file was read.
 *
 * `message`: what can be searched. The row id is `no * 2^20` for the name, and then one more for each message.
 *
 * `turn`: how many messages a thread had when a turn began, so that they can be taken out when it is reverted.
 */
export const INDEX_SCHEMA = `
CREATE TABLE IF NOT EXISTS thread (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  archived INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  source_kind TEXT NOT NULL,
  model_provider TEXT NOT NULL,
  cwd TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at_ms REAL NOT NULL,
  end_bytes INTEGER NOT NULL,
  next_seq INTEGER NOT NULL,
  last_line_bytes INTEGER NOT NULL,
  last_line_crc INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT
);
CREATE INDEX IF NOT EXISTS thread_by_creation ON thread (archived, created_at, id);
CREATE INDEX IF NOT EXISTS thread_by_update ON thread (archived, updated_at, id);
CREATE TABLE IF NOT EXISTS turn (
  no INTEGER NOT NULL,
  id TEXT NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (no, id)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS message USING fts5 (text, tokenize = 'trigram', columnsize = 0);
`;

/** Row ids of `message` that one thread has. */
export const MESSAGES_PER_THREAD = 2 ** 20;
