import type { ClientRequestRow } from './client-request-row.js';
import { ThreadListParams, ThreadListResponse } from './thread-list.js';
import {
  GetConversationSummaryParams,
  GetConversationSummaryResponse,
  ThreadMetadataUpdateParams,
  ThreadMetadataUpdateResponse,
} from './thread-metadata.js';
import {
  ThreadSearchOccurrencesParams,
  ThreadSearchOccurrencesResponse,
  ThreadSearchParams,
  ThreadSearchResponse,
} from './thread-search.js';

const THREAD = { type: 'thread' } as const;

/** The requests that find threads and say things about them, whether they are loaded or not. */
export const STORED_THREAD_REQUESTS = {
  'thread/list': {
    params: ThreadListParams,
    result: ThreadListResponse,
    experimentalFields: [
      'ancestorThreadId',
      'attachedToThreadId',
      'includeAttachedThreads',
      'parentThreadId',
      'projectId',
    ],
  },
  'thread/search': { params: ThreadSearchParams, result: ThreadSearchResponse },
  'thread/searchOccurrences': {
    params: ThreadSearchOccurrencesParams,
    result: ThreadSearchOccurrencesResponse,
    key: THREAD,
  },
  'thread/metadata/update': {
    params: ThreadMetadataUpdateParams,
    result: ThreadMetadataUpdateResponse,
    key: THREAD,
  },
  getConversationSummary: { params: GetConversationSummaryParams, result: GetConversationSummaryResponse },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
