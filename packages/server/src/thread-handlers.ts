import type { ClientRequestMethod } from '@millrace/protocol';
import { handleBackgroundTerminalsClean } from './handlers/background-terminals-clean.js';
import { handleBackgroundTerminalsList } from './handlers/background-terminals-list.js';
import { handleBackgroundTerminalsTerminate } from './handlers/background-terminals-terminate.js';
import { handleThreadArchive } from './handlers/thread-archive.js';
import { handleThreadDelete } from './handlers/thread-delete.js';
import { handleThreadFork } from './handlers/thread-fork.js';
import { handleThreadGoalClear } from './handlers/thread-goal-clear.js';
import { handleThreadGoalGet } from './handlers/thread-goal-get.js';
import { handleThreadGoalSet } from './handlers/thread-goal-set.js';
import { handleThreadInjectItems } from './handlers/thread-inject-items.js';
import { handleThreadItemsList } from './handlers/thread-items-list.js';
import { handleThreadLoadedList } from './handlers/thread-loaded-list.js';
import { handleThreadNameSet } from './handlers/thread-name-set.js';
import { handleThreadQueueAdd } from './handlers/thread-queue-add.js';
import { handleThreadQueueDelete } from './handlers/thread-queue-delete.js';
import { handleThreadQueueList } from './handlers/thread-queue-list.js';
import { handleThreadQueueReorder } from './handlers/thread-queue-reorder.js';
import { handleThreadQueueStart } from './handlers/thread-queue-start.js';
import { handleThreadQueueUpdate } from './handlers/thread-queue-update.js';
import { handleThreadRead } from './handlers/thread-read.js';
import { handleThreadReadStateUpdate } from './handlers/thread-read-state-update.js';
import { handleThreadResume } from './handlers/thread-resume.js';
import { handleThreadRevert } from './handlers/thread-revert.js';
import { handleThreadSettingsUpdate } from './handlers/thread-settings-update.js';
import { handleThreadStart } from './handlers/thread-start.js';
import { handleThreadTurnsList } from './handlers/thread-turns-list.js';
import { handleThreadUnarchive } from './handlers/thread-unarchive.js';
import { handleThreadUnsubscribe } from './handlers/thread-unsubscribe.js';
import { handleTurnInterrupt } from './handlers/turn-interrupt.js';
import { handleTurnStart } from './handlers/turn-start.js';
import { handleTurnSteer } from './handlers/turn-steer.js';
import type { Handler } from './handlers.js';

/** The handlers of the methods that are about threads and their turns. */
export const THREAD_HANDLERS = {
  'thread/start': handleThreadStart,
  'thread/resume': handleThreadResume,
  'thread/fork': handleThreadFork,
  'thread/read': handleThreadRead,
  'thread/loaded/list': handleThreadLoadedList,
  'thread/turns/list': handleThreadTurnsList,
  'thread/items/list': handleThreadItemsList,
  'thread/name/set': handleThreadNameSet,
  'thread/archive': handleThreadArchive,
  'thread/unarchive': handleThreadUnarchive,
  'thread/delete': handleThreadDelete,
  'thread/unsubscribe': handleThreadUnsubscribe,
  'thread/backgroundTerminals/list': handleBackgroundTerminalsList,
  'thread/backgroundTerminals/clean': handleBackgroundTerminalsClean,
  'thread/backgroundTerminals/terminate': handleBackgroundTerminalsTerminate,
  'thread/inject_items': handleThreadInjectItems,
  'thread/revert': handleThreadRevert,
  'thread/readState/update': handleThreadReadStateUpdate,
  'thread/settings/update': handleThreadSettingsUpdate,
  'thread/goal/set': handleThreadGoalSet,
  'thread/goal/get': handleThreadGoalGet,
  'thread/goal/clear': handleThreadGoalClear,
  'thread/queue/add': handleThreadQueueAdd,
  'thread/queue/list': handleThreadQueueList,
  'thread/queue/update': handleThreadQueueUpdate,
  'thread/queue/delete': handleThreadQueueDelete,
  'thread/queue/reorder': handleThreadQueueReorder,
  'thread/queue/start': handleThreadQueueStart,
  'turn/start': handleTurnStart,
  'turn/steer': handleTurnSteer,
  'turn/interrupt': handleTurnInterrupt,
} as const satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
