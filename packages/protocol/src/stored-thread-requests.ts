import type { ClientRequestRow } from './client-request-row.js';
import { ThreadListParams, ThreadListResponse } from './thread-list.js';
import { ThreadArchiveResponse } from './thread-management.js';
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
import {
  ThreadSectionCreateParams,
  ThreadSectionDeleteParams,
  ThreadSectionListParams,
  ThreadSectionListResponse,
  ThreadSectionMoveParams,
  ThreadSectionResponse,
  ThreadSectionUpdateParams,
} from './thread-section.js';

const THREAD = { type: 'thread' } as const;
const SECTIONS = { type: 'global', name: 'threadSections' } as const;

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
  'threadSection/list': {
    params: ThreadSectionListParams,
    result: ThreadSectionListResponse,
    key: SECTIONS,
  },
  'threadSection/create': {
    params: ThreadSectionCreateParams,
    result: ThreadSectionResponse,
    key: SECTIONS,
  },
  'threadSection/update': {
    params: ThreadSectionUpdateParams,
    result: ThreadSectionResponse,
    key: SECTIONS,
  },
  'threadSection/delete': {
    params: ThreadSectionDeleteParams,
    result: ThreadArchiveResponse,
    key: SECTIONS,
  },
  'thread/section/move': { params: ThreadSectionMoveParams, result: ThreadArchiveResponse, key: SECTIONS },
  getConversationSummary: { params: GetConversationSummaryParams, result: GetConversationSummaryResponse },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
