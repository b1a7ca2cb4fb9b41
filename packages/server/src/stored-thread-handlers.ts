import type { ClientRequestMethod } from '@millrace/protocol';
import { handleGetConversationSummary } from './handlers/get-conversation-summary.js';
import { handleThreadList } from './handlers/thread-list.js';
import { handleThreadMetadataUpdate } from './handlers/thread-metadata-update.js';
import { handleThreadSearch } from './handlers/thread-search.js';
import { handleThreadSearchOccurrences } from './handlers/thread-search-occurrences.js';
import {
  handleThreadSectionCreate,
  handleThreadSectionDelete,
  handleThreadSectionList,
  handleThreadSectionUpdate,
} from './handlers/thread-section.js';
import { handleThreadSectionMove } from './handlers/thread-section-move.js';
import type { Handler } from './handlers.js';

/** The handlers of the methods that find threads and say things about them, whether they are loaded or not. */
export const STORED_THREAD_HANDLERS = {
  'thread/list': handleThreadList,
  'thread/search': handleThreadSearch,
  'thread/searchOccurrences': handleThreadSearchOccurrences,
  'thread/metadata/update': handleThreadMetadataUpdate,
  'threadSection/list': handleThreadSectionList,
  'threadSection/create': handleThreadSectionCreate,
  'threadSection/update': handleThreadSectionUpdate,
  'threadSection/delete': handleThreadSectionDelete,
  'thread/section/move': handleThreadSectionMove,
  getConversationSummary: handleGetConversationSummary,
} as const satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
