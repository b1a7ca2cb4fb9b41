import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Lagged, Resynced } from '@millrace/channel';
import type { SpawnRequest } from '@millrace/core/ports';
import type { ViewEntry } from '@millrace/runtime';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type Program, ScriptedProcesses } from './scripted-processes.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { macrotask, startTestRuntime } from './test-runtime.js';

const TURNS = 50;
const CHUNKS_PER_TURN = 40_000;
const EVENTS = TURNS * CHUNKS_PER_TURN;
/** Chunks that a process prints before it lets others run. */
const BURST = 1_000;
const HEAP_GROWTH_BYTES = 8 * 1024 * 1024;
const DELTA = 'item/commandExecution/outputDelta';
/** Past the first moments of a command, whose output is held back. */
const STREAMING_MS = 1_000;

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Prints one letter in each chunk, most of them once the clock says that output is streamed. */
function flooding(clock: VirtualClock): Program {
  return async function* flood(_request: SpawnRequest) {
    const letter = new TextEncoder().encode('x');
    yield letter;
    clock.advance(STREAMING_MS);
    for (let count = 1; count < CHUNKS_PER_TURN; count += 1) {
      if (count % BURST === 0) await macrotask();
      yield letter;
    }
    return 0;
  };
}

/** How many of the emitted deltas an entry stands for: each had one letter. */
function deltasIn(entry: ViewEntry): number {
  if (entry instanceof Lagged) return entry.byKind.get(DELTA) ?? 0;
  if (kindOf(entry) !== DELTA) return 0;
  const { delta, droppedBytes = 0 } = paramsOf(entry);
  return String(delta).length + Number(droppedBytes);
}

interface TurnParams {
  readonly turn: { readonly id: string; readonly status: string };
}

describe('a consumer that never reads', () => {
  it.each([
    { name: 'and has never looked at its events', isOpen: false },
    { name: 'any more after it opened its view', isOpen: true },
  ])('$name costs 2,000,000 events and 50 turns no answer, no end, no count and no memory (EV-1, EV-2, EV-6, EV-7)', async ({
    isOpen,
  }) => {
    const clock = new VirtualClock();
    const { server, processes } = await startTestRuntime({
      clock,
      processes: new ScriptedProcesses(flooding(clock)),
    });
    const stalled = await TestPeer.connect(server, { slowConsumerGraceMs: 1 });
    const other = await TestPeer.connect(server);
    if (isOpen) stalled.view.open();
    const threadId = await stalled.startThread({ sandbox: 'danger-full-access' });
    const before = heapBytes();
    const turnIds: string[] = [];
    let answered = 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      turnIds.push(await stalled.startTurn(threadId, 'run flood'));
      for (let isActive = true; isActive; answered += 2) {
        await stalled.request('thread/loaded/list');
        const { thread } = await other.request<{ thread: { status: { type: string } } }>('thread/read', {
          threadId,
        });
        isActive = thread.status.type === 'active';
        clock.advance(1);
        await macrotask();
      }
    }
    const grown = heapBytes() - before;

    expect(processes.spawned).toHaveLength(TURNS);
    expect(answered).toBeGreaterThan(TURNS);
    expect(grown).toBeLessThanOrEqual(HEAP_GROWTH_BYTES);
    const { stats } = stalled.view;
    expect(stats.queued).toBeLessThanOrEqual(128 + TURNS + 8);

    const entries = stalled.drain();
    const ends = entries
      .filter((entry) => kindOf(entry) === 'turn/completed')
      .map((entry) => paramsOf(entry) as unknown as TurnParams);
    expect(ends.map(({ turn }) => turn.id)).toEqual(turnIds);
    expect(new Set(ends.map(({ turn }) => turn.status))).toEqual(new Set(['completed']));
    expect(entries.reduce((sum, entry) => sum + deltasIn(entry), 0)).toBe(EVENTS);

    const after = stalled.view.stats;
    const skipped = entries.reduce((sum, entry) => sum + (entry instanceof Lagged ? entry.skipped : 0), 0);
    const events = entries.filter(
      (entry) => !(entry instanceof Lagged) && !(entry instanceof Resynced),
    ).length;
    expect(after).toMatchObject({ delivered: events, skipped, queued: 0, slotsTaken: 0, discarded: 0 });
    const last = entries.at(-1);
    const sequence = last !== undefined && 'sequence' in last ? last.sequence : Number.NaN;
    expect(after.delivered + after.merged + after.replaced + after.skipped).toBe(sequence);
  });
});
