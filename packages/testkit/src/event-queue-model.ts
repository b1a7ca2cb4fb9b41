import { type EventQueueOptions, Lagged, type OfferResult, type Received, Resynced } from '@millrace/channel';
import { type TestEvent, testEventProfile } from './test-event.js';

type Options = EventQueueOptions<TestEvent, string>;

interface ModelEntry {
  event: TestEvent;
  /** True once something of its stream was skipped after it. */
  isSealed: boolean;
}

interface ModelGap {
  readonly skipped: TestEvent[];
  /** Group and the first of its events that was skipped. */
  readonly behind: Map<string, TestEvent>;
  isComplete: boolean;
}

/** What an event queue promises, written down with plain arrays and no thought of speed. */
export class EventQueueModel {
  readonly #options: Options;
  /** Events and gaps as they stand. */
  #line: (ModelEntry | ModelGap)[] = [];
  #markers: Resynced<string>[] = [];
  state: 'open' | 'closing' | 'done' = 'open';
  permitsOut = 0;
  isFull = false;
  delivered = 0;
  merged = 0;
  replaced = 0;
  skipped = 0;
  discarded = 0;
  lagged = 0;
  /** Lossless and best-effort events that were read. */
  countedReads = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get events(): readonly TestEvent[] {
    return this.#entries().map((entry) => entry.event);
  }

  get slotsTaken(): number {
    return this.permitsOut + this.#lane('reserved').length;
  }

  get slotsFree(): number {
    return this.#options.reservedCapacity - this.slotsTaken;
  }

  get isReadable(): boolean {
    return this.#line.length + this.#markers.length > 0;
  }

  countedEvents(): readonly TestEvent[] {
    return this.#lane('lossless', 'bestEffort');
  }

  latestEvents(): readonly TestEvent[] {
    return this.#lane('latest');
  }

  offer(event: TestEvent): OfferResult {
    if (this.state !== 'open') return 'closed';
    if (event.delivery === 'reserved') {
      if (this.slotsFree < 1) return this.skip(event);
      return this.#append(event);
    }
    if (event.group !== undefined && this.#gapOf(event.group) !== undefined) return this.skip(event);
    return event.delivery === 'latest' ? this.#offerLatest(event) : this.#offerCounted(event);
  }

  skip(event: TestEvent): 'skipped' | 'closed' {
    if (this.state !== 'open') return 'closed';
    const known = event.group === undefined ? undefined : this.#gapOf(event.group);
    const gap = known ?? this.#tailGap();
    if (known === undefined && event.group !== undefined) {
      const count = this.#gaps().reduce((sum, { behind }) => sum + behind.size, 0);
      if (count < (this.#options.maxGroupsBehind ?? 4_096)) gap.behind.set(event.group, event);
      else gap.isComplete = false;
    }
    return this.#count(gap, event);
  }

  reserve(count: number): 'reserved' | 'full' | 'closed' {
    if (this.state !== 'open') return 'closed';
    if (this.slotsFree < count) return 'full';
    this.permitsOut += count;
    return 'reserved';
  }

  commit(event: TestEvent): 'sent' | 'closed' {
    if (this.state === 'done') return 'closed';
    this.permitsOut -= 1;
    return this.#append(event);
  }

  release(): void {
    if (this.state === 'done') return;
    this.permitsOut -= 1;
    this.#endIfDrained();
  }

  /** @param snapshot What the queue's `snapshot` would say now. */
  receive(
    snapshot: (group: string, firstSkipped: TestEvent) => string,
  ): Received<TestEvent, string> | undefined {
    const first = this.#markers.shift() ?? this.#line.shift();
    if (first === undefined) return undefined;
    let received: Received<TestEvent, string>;
    if (first instanceof Resynced) received = first;
    else if ('event' in first) received = this.#read(first.event);
    else {
      for (const [group, event] of first.behind)
        this.#markers.push(new Resynced(group, snapshot(group, event)));
      received = this.#readGap(first);
    }
    this.#endIfDrained();
    return received;
  }

  close(): void {
    if (this.state !== 'open') return;
    this.state = 'closing';
    this.isFull = false;
    this.#endIfDrained();
  }

  dispose(): void {
    this.state = 'done';
    this.discarded += this.events.length;
    this.#line = [];
    this.#markers = [];
    this.permitsOut = 0;
    this.isFull = false;
  }

  #offerLatest(event: TestEvent): OfferResult {
    const lane = this.latestEvents();
    const { capacity, latestCapacity, latestBytes, maxBytes } = this.#options;
    const counted = this.countedEvents();
    const isFull = counted.length >= capacity || bytesOf(counted) >= maxBytes;
    const hasRoom = fits(event, lane, latestCapacity, latestBytes ?? maxBytes);
    const queued = hasRoom && !isFull ? undefined : lane.findLast(({ key }) => key === event.key);
    if (queued === undefined) return hasRoom ? this.#append(event) : this.skip(event);
    const others = lane.filter((other) => other !== queued);
    if (!fits(event, others, latestCapacity, latestBytes ?? maxBytes)) return this.skip(event);
    const newest = this.#newestOf(queued.stream);
    this.#line = this.#line.filter((place) => !('event' in place) || place.event !== queued);
    if (newest?.event === queued) this.#seal(queued.stream);
    this.#joinGaps();
    this.replaced += 1;
    this.#append(event);
    return 'replaced';
  }

  #offerCounted(event: TestEvent): OfferResult {
    const { capacity, maxBytes } = this.#options;
    if (fits(event, this.countedEvents(), capacity, maxBytes)) return this.#append(event);
    if (this.#merge(event)) return 'merged';
    if (event.delivery === 'lossless') {
      this.isFull = true;
      return 'full';
    }
    return this.#count(this.#tailGap(), event);
  }

  #merge(event: TestEvent): boolean {
    const { bestEffortBytes, maxBytes, mergeBytes } = this.#options;
    const last = this.#newestOf(event.stream);
    if (last === undefined || last.isSealed || last.event.delivery !== event.delivery) return false;
    const others = bytesOf(this.countedEvents()) - last.event.size;
    const isLossless = event.delivery === 'lossless';
    const limit = Math.min(isLossless ? mergeBytes : bestEffortBytes, maxBytes - others);
    const merged = testEventProfile.merge(last.event, event, limit, isLossless ? 'all' : 'tail');
    if (merged === undefined) return false;
    last.event = merged;
    this.merged += 1;
    return true;
  }

  #append(event: TestEvent): 'sent' {
    this.#line.push({ event, isSealed: false });
    return 'sent';
  }

  #count(gap: ModelGap, event: TestEvent): 'skipped' {
    gap.skipped.push(event);
    this.skipped += 1;
    this.#seal(event.stream);
    return 'skipped';
  }

  /** Nothing merges into what is queued of this stream any more. */
  #seal(stream: string | undefined): void {
    for (const entry of this.#entries())
      entry.isSealed ||= stream !== undefined && entry.event.stream === stream;
  }

  #newestOf(stream: string | undefined): ModelEntry | undefined {
    return this.#entries().findLast(({ event }) => stream !== undefined && event.stream === stream);
  }

  #read(event: TestEvent): TestEvent {
    this.delivered += 1;
    if (event.delivery === 'lossless' || event.delivery === 'bestEffort') {
      this.countedReads += 1;
      this.isFull = false;
    }
    return event;
  }

  #readGap({ skipped, isComplete }: ModelGap): Lagged {
    this.lagged += 1;
    const byKind = new Map<string, number>();
    for (const { kind } of skipped) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    const groups = new Set(skipped.flatMap(({ group }) => group ?? []));
    return new Lagged(
      skipped.length,
      byKind,
      [...groups].slice(0, this.#options.maxGroupsListed ?? 64),
      isComplete,
    );
  }

  #tailGap(): ModelGap {
    const tail = this.#line.at(-1);
    if (tail !== undefined && !('event' in tail)) return tail;
    const gap: ModelGap = { skipped: [], behind: new Map(), isComplete: true };
    this.#line.push(gap);
    return gap;
  }

  #gapOf(group: string): ModelGap | undefined {
    return (
      this.#gaps().find(({ behind }) => behind.has(group)) ??
      this.#gaps().find(({ isComplete }) => !isComplete)
    );
  }

  #joinGaps(): void {
    for (let i = this.#line.length - 1; i > 0; i -= 1) {
      const [earlier, later] = [this.#line[i - 1], this.#line[i]];
      if (earlier === undefined || later === undefined || 'event' in earlier || 'event' in later) continue;
      earlier.skipped.push(...later.skipped);
      for (const [group, event] of later.behind) earlier.behind.set(group, event);
      earlier.isComplete &&= later.isComplete;
      this.#line.splice(i, 1);
    }
  }

  #entries(): ModelEntry[] {
    return this.#line.filter(isEntry);
  }

  #gaps(): ModelGap[] {
    return this.#line.filter((place): place is ModelGap => !isEntry(place));
  }

  #lane(...deliveries: TestEvent['delivery'][]): readonly TestEvent[] {
    return this.events.filter(({ delivery }) => deliveries.includes(delivery));
  }

  #endIfDrained(): void {
    if (this.state === 'closing' && !this.isReadable && this.permitsOut === 0) this.state = 'done';
  }
}

function isEntry(place: ModelEntry | ModelGap): place is ModelEntry {
  return 'event' in place;
}

function fits(event: TestEvent, queued: readonly TestEvent[], capacity: number, maxBytes: number): boolean {
  return queued.length === 0 || (queued.length < capacity && bytesOf(queued) + event.size <= maxBytes);
}

function bytesOf(events: readonly TestEvent[]): number {
  return events.reduce((sum, { size }) => sum + size, 0);
}
