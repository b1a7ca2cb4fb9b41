import type { ClientRequestMethod } from '@millrace/protocol';
import { handleFsCopy } from './handlers/fs-copy.js';
import { handleFsCreateDirectory } from './handlers/fs-create-directory.js';
import { handleFsGetMetadata } from './handlers/fs-get-metadata.js';
import { handleFsReadDirectory } from './handlers/fs-read-directory.js';
import { handleFsReadFile } from './handlers/fs-read-file.js';
import { handleFsRemove } from './handlers/fs-remove.js';
import { handleFsUnwatch } from './handlers/fs-unwatch.js';
import { handleFsWatch } from './handlers/fs-watch.js';
import { handleFsWriteFile } from './handlers/fs-write-file.js';
import { handleFuzzyFileSearch } from './handlers/fuzzy-file-search.js';
import { handleFuzzyFileSearchSessionStart } from './handlers/fuzzy-file-search-session-start.js';
import { handleFuzzyFileSearchSessionStop } from './handlers/fuzzy-file-search-session-stop.js';
import { handleFuzzyFileSearchSessionUpdate } from './handlers/fuzzy-file-search-session-update.js';
import type { Handler } from './handlers.js';

/** The handlers of the methods that are about files. */
export const FILE_HANDLERS = {
  'fs/readFile': handleFsReadFile,
  'fs/writeFile': handleFsWriteFile,
  'fs/createDirectory': handleFsCreateDirectory,
  'fs/getMetadata': handleFsGetMetadata,
  'fs/readDirectory': handleFsReadDirectory,
  'fs/remove': handleFsRemove,
  'fs/copy': handleFsCopy,
  'fs/watch': handleFsWatch,
  'fs/unwatch': handleFsUnwatch,
  fuzzyFileSearch: handleFuzzyFileSearch,
  'fuzzyFileSearch/sessionStart': handleFuzzyFileSearchSessionStart,
  'fuzzyFileSearch/sessionUpdate': handleFuzzyFileSearchSessionUpdate,
  'fuzzyFileSearch/sessionStop': handleFuzzyFileSearchSessionStop,
} as const satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
