import type { ClientRequestRow } from './client-request-row.js';
import {
  FsCopyParams,
  FsCopyResponse,
  FsCreateDirectoryParams,
  FsCreateDirectoryResponse,
  FsGetMetadataParams,
  FsGetMetadataResponse,
  FsReadDirectoryParams,
  FsReadDirectoryResponse,
  FsReadFileParams,
  FsReadFileResponse,
  FsRemoveParams,
  FsRemoveResponse,
  FsUnwatchParams,
  FsUnwatchResponse,
  FsWatchParams,
  FsWatchResponse,
  FsWriteFileParams,
  FsWriteFileResponse,
} from './fs-requests.js';
import {
  FuzzyFileSearchParams,
  FuzzyFileSearchResponse,
  FuzzyFileSearchSessionResponse,
  FuzzyFileSearchSessionStartParams,
  FuzzyFileSearchSessionStopParams,
  FuzzyFileSearchSessionUpdateParams,
} from './fuzzy-file-search.js';

const WATCH = { type: 'connection', name: 'watch', field: 'watchId' } as const;
const SEARCH = { type: 'connection', name: 'fileSearch', field: 'sessionId' } as const;

/** The requests that are about files. */
export const FILE_REQUESTS = {
  'fs/readFile': { params: FsReadFileParams, result: FsReadFileResponse },
  'fs/writeFile': { params: FsWriteFileParams, result: FsWriteFileResponse },
  'fs/createDirectory': { params: FsCreateDirectoryParams, result: FsCreateDirectoryResponse },
  'fs/getMetadata': { params: FsGetMetadataParams, result: FsGetMetadataResponse },
  'fs/readDirectory': { params: FsReadDirectoryParams, result: FsReadDirectoryResponse },
  'fs/remove': { params: FsRemoveParams, result: FsRemoveResponse },
  'fs/copy': { params: FsCopyParams, result: FsCopyResponse },
  'fs/watch': { params: FsWatchParams, result: FsWatchResponse, key: WATCH },
  'fs/unwatch': { params: FsUnwatchParams, result: FsUnwatchResponse, key: WATCH },
  fuzzyFileSearch: { params: FuzzyFileSearchParams, result: FuzzyFileSearchResponse },
  'fuzzyFileSearch/sessionStart': {
    params: FuzzyFileSearchSessionStartParams,
    result: FuzzyFileSearchSessionResponse,
    key: SEARCH,
  },
  'fuzzyFileSearch/sessionUpdate': {
    params: FuzzyFileSearchSessionUpdateParams,
    result: FuzzyFileSearchSessionResponse,
    key: SEARCH,
  },
  'fuzzyFileSearch/sessionStop': {
    params: FuzzyFileSearchSessionStopParams,
    result: FuzzyFileSearchSessionResponse,
    key: SEARCH,
  },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
