import { EventQueue, type EventQueueOptions } from '@millrace/channel';
import {
  BehindIsForgottenAtOnce,
  BytesAreNotGivenBack,
  CloseDropsWhatIsQueued,
  GapCountIsOffByOne,
  LatestIsReplacedInPlace,
  MarkerStandsOneTooLate,
  RoomIsSignalledOnlyOnce,
  RoomIsSignalledTooEarly,
  SkippedIsNotCounted,
  StaleSnapshot,
  StateComesBeforeItsMarker,
} from './broken-backlogs.js';
import {
  EndsWhileAPermitIsOut,
  LostWakeUpOnReserved,
  ReleaseAfterDisposeGoesNegative,
  SlotLeaksOnRelease,
  TerminalComesTwice,
  TerminalIsDroppedWhenFull,
} from './broken-slots.js';

type Maker = <T, S>(options: EventQueueOptions<T, S>) => EventQueue<T, S>;

/** A queue that sees its events wrongly, or is told something wrong by whom it asks. */
function distorted(
  distort: <T, S>(options: EventQueueOptions<T, S>) => Partial<EventQueueOptions<T, S>>,
): Maker {
  return (options) => new EventQueue({ ...options, ...distort(options) });
}

const isEnd = (kind: string): boolean => kind === 'end' || kind === 'itemCompleted';

const mergesAcrossAnEnd = distorted(({ profile }) => ({
  profile: {
    ...profile,
    mergeKeyOf: (event) => (isEnd(profile.kindOf(event)) ? undefined : profile.mergeKeyOf(event)),
  },
}));

const mergeLosesTheOlderPart = distorted(({ profile }) => ({
  profile: {
    ...profile,
    merge: (queued, next, maxBytes, keep) => profile.merge(queued, next, maxBytes, keep) && next,
  },
}));

const groupsDoNotFallBehind = distorted(({ profile }) => ({
  profile: { ...profile, groupOf: () => undefined },
}));

const oneTooMany = distorted(({ capacity }) => ({ capacity: capacity + 1 }));

const mergesBeyondTheBound = distorted(({ mergeBytes }) => ({ mergeBytes: mergeBytes + 1 }));

const latestOfOneKeyOnly = distorted(({ profile }) => ({
  profile: { ...profile, latestKeyOf: () => 'one' },
}));

/** Broken event queues by what is wrong with them. The event queue suites must catch each. */
export const EVENT_QUEUE_BUGS: Readonly<Record<string, Maker>> = {
  'the wake-up of a reserved event is lost': (options) => new LostWakeUpOnReserved(options),
  'the queue ends while a permit is out': (options) => new EndsWhileAPermitIsOut(options),
  'the count of a gap is off by one': (options) => new GapCountIsOffByOne(options),
  'a marker stands one too late': (options) => new MarkerStandsOneTooLate(options),
  'what is skipped is not counted': (options) => new SkippedIsNotCounted(options),
  'a released slot leaks': (options) => new SlotLeaksOnRelease(options),
  'a release after dispose goes negative': (options) => new ReleaseAfterDisposeGoesNegative(options),
  'a terminal event is dropped when full': (options) => new TerminalIsDroppedWhenFull(options),
  'a terminal event comes twice': (options) => new TerminalComesTwice(options),
  'close drops what is queued': (options) => new CloseDropsWhatIsQueued(options),
  'bytes are not given back': (options) => new BytesAreNotGivenBack(options),
  'a state comes before its marker': (options) => new StateComesBeforeItsMarker(options),
  'a group that is behind is forgotten at once': (options) => new BehindIsForgottenAtOnce(options),
  'room is signalled only once': (options) => new RoomIsSignalledOnlyOnce(options),
  'room is signalled too early': (options) => new RoomIsSignalledTooEarly(options),
  'a delta merges across the end of its item': mergesAcrossAnEnd,
  'a merge loses the older part': mergeLosesTheOlderPart,
  'groups do not fall behind': groupsDoNotFallBehind,
  'one event too many is let in': oneTooMany,
  'a merge goes beyond its bound': mergesBeyondTheBound,
  'all states have one key': latestOfOneKeyOnly,
  'a state is replaced in place': (options) => new LatestIsReplacedInPlace(options),
  'a snapshot is too old': (options) => new StaleSnapshot(options),
};
