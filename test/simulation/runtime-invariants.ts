import { Lagged, Resynced } from '@millrace/channel';
import type { ClientEvent } from '@millrace/client';
import type { Thread } from '@millrace/protocol';
import type { ViewEntry } from '@millrace/runtime';
import { invariant, invariantEqual } from '@millrace/testkit';
import type { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { Transcript } from '../runtime/transcript.js';
import type { SimulatedPeer } from './simulated-peer.js';
import { endsOf, isAwaited, type SimulatedTurn } from './simulated-turn.js';

/** A thread as the server answers it. */
export type ServerThread = Pick<Thread, 'id' | 'status' | 'turns'>;

/** What a simulation knows at its end. */
export interface Outcome {
  readonly peers: readonly SimulatedPeer[];
  /** Those that have not left. */
  readonly present: readonly SimulatedPeer[];
  readonly turns: ReadonlyMap<string, SimulatedTurn>;
  readonly processes: ScriptedProcesses;
  /** Scripts that somebody who was asked said yes to. */
  readonly accepted: ReadonlySet<string>;
  /** Where commands need a yes. */
  readonly carefulDirectory: string;
}

/** What must hold once every turn has ended and everything was read. @throws {InvariantViolation} */
export function checkEnd(simulation: Outcome): void {
  for (const peer of simulation.peers) checkAnswers(peer);
  for (const peer of simulation.present) {
    checkView(peer, peer.view, peer.entries);
    for (const { run, entries } of peer.runs) checkView(peer, run.view, entries);
  }
  checkEnds(simulation);
  checkCommands(simulation);
}

/** RQ-1: one answer to each request, none to anything else. A peer that left may have missed some. */
function checkAnswers(peer: SimulatedPeer): void {
  invariantEqual(peer.strayAnswers, 0, 'RQ-1', 'the number of answers that nobody asked for');
  for (const { method, answers } of peer.asked) {
    const count = answers.length;
    invariant(count === 1 || (count === 0 && peer.hasLeft), 'RQ-1', `${method} has ${count} answers`);
  }
}

/** EV-1, EV-3, EV-5 and EV-8 of one view that was read to its end. */
function checkView(peer: SimulatedPeer, view: SimulatedPeer['view'], entries: readonly ViewEntry[]): void {
  const { stats } = view;
  const gaps = entries.filter((entry) => entry instanceof Lagged);
  const events = entries.filter((entry) => !(entry instanceof Lagged) && !(entry instanceof Resynced));
  invariantEqual(stats.delivered, events.length, 'EV-1', 'the number of events delivered');
  const skipped = gaps.reduce((sum, gap) => sum + gap.skipped, 0);
  invariantEqual(stats.skipped, skipped, 'EV-1', 'the number of events that gaps account for');
  const { delivered, merged, replaced, discarded, queued } = stats;
  invariantEqual(
    stats.emitted,
    delivered + merged + replaced + skipped + discarded + queued,
    'EV-1',
    'the number of events emitted',
  );
  invariantEqual(stats.queued, 0, 'EV-1', 'what is left to read');
  invariantEqual(stats.slotsTaken, 0, 'EV-8', 'the number of slots taken');
  checkMarkers(entries, peer.firstOfReading);
  checkNothingAfterEnds(entries);
}

/** Progress, and what belongs to no thread: a gap of nothing else leaves nobody behind. */
const NEEDS_NO_HEALING: readonly string[] = [
  'item/commandExecution/outputDelta',
  'deprecationNotice',
  'configWarning',
];

function checkMarkers(entries: readonly ViewEntry[], firstOfReading: ReadonlySet<ViewEntry>): void {
  for (const [index, entry] of entries.entries()) {
    if (!(entry instanceof Lagged)) continue;
    const following = entries.slice(index + 1, index + 1 + entry.groups.length);
    const healed = following.map((next) => (next instanceof Resynced ? next.group : undefined));
    const isHealed = healed.some((group) => group !== undefined && entry.groups.includes(group));
    const needsHealing = [...entry.byKind.keys()].some((kind) => !NEEDS_NO_HEALING.includes(kind));
    invariant(
      isHealed || !needsHealing,
      'EV-5',
      `a gap of ${entry.groups.join()} is followed by ${healed.join()}`,
    );
    // What stood between two gaps may have been replaced after the first of them was read.
    const next = entries[index + 1];
    const isSeparate = !(next instanceof Lagged) || firstOfReading.has(next);
    invariant(isSeparate, 'EV-5', 'two markers stand next to each other');
  }
}

/** EV-3: nothing of a turn after its end, but for commands that it left running, and the usage that a resume repeats. */
function checkNothingAfterEnds(entries: readonly ViewEntry[]): void {
  const ended = new Set<string>();
  for (const entry of entries) {
    if (!('method' in entry)) continue;
    const { turnId, turn, item } = entry.params as unknown as {
      readonly turnId?: string;
      readonly turn?: { readonly id: string };
      readonly item?: { readonly type: string };
    };
    const isLeftRunning =
      entry.method === 'item/commandExecution/outputDelta' ||
      (entry.method === 'item/completed' && item?.type === 'commandExecution');
    if (entry.method === 'thread/tokenUsage/updated') continue;
    const id = turnId ?? turn?.id;
    invariant(
      id === undefined || !ended.has(id) || isLeftRunning,
      'EV-3',
      `${entry.method} comes after the end of its turn`,
    );
    if (entry.method === 'turn/completed' && id !== undefined) ended.add(id);
  }
}

/** EV-2: one end for each accepted turn, for whoever started it. */
function checkEnds({ turns, present }: Outcome): void {
  for (const turn of turns.values()) {
    const ends = endsOf(turn);
    if (isAwaited(turn)) invariantEqual(ends, 1, 'EV-2', `the number of ends of turn ${turn.turnId}`);
    else invariant(ends <= 1, 'EV-2', `turn ${turn.turnId} has ${ends} ends`);
  }
  for (const { run, answers } of present.flatMap(({ asked }) => asked)) {
    const isAccepted = answers.some((answer) => 'result' in answer);
    if (run !== undefined && isAccepted)
      invariantEqual(run.ended.length, 1, 'EV-2', 'how often a run was told its end');
  }
}

/** AP-2: where somebody has to be asked, nothing runs that nobody said yes to. */
function checkCommands({ processes, accepted, carefulDirectory }: Outcome): void {
  for (const { cwd, argv } of processes.spawned) {
    const script = argv.at(-1) ?? '';
    invariant(cwd !== carefulDirectory || accepted.has(script), 'AP-2', `${script} ran unasked`);
  }
}

/**
 * EV-9: what a peer rebuilds of the threads that it began and never left alone is what the server says of them.
 *
 * @throws {InvariantViolation}
 */
export function checkRebuiltState({ present }: Outcome, threads: readonly ServerThread[]): void {
  for (const peer of present) {
    for (const thread of threads) {
      if (peer.begun.has(thread.id) && !peer.unsubscribed.has(thread.id)) checkThread(peer, thread);
    }
  }
}

function checkThread(peer: SimulatedPeer, { id, status, turns }: ServerThread): void {
  const transcript = rebuild(id, peer.entries);
  const elsewhere = new Set(
    peer.asked.flatMap(({ run, answers }) => (run === undefined ? [] : answers.map(turnIdOf))),
  );
  invariantEqual(transcript.status?.type ?? 'idle', status.type, 'EV-9', 'the status of a thread');
  for (const turn of turns) {
    if (elsewhere.has(turn.id) || transcript.notLoaded.has(turn.id)) continue;
    invariantEqual(transcript.turns.get(turn.id)?.status, turn.status, 'EV-9', 'the status of a turn');
    invariantEqual(transcript.items(turn.id), turn.items, 'EV-9', 'the items of a turn');
  }
}

function turnIdOf(answer: SimulatedPeer['asked'][number]['answers'][number]): string | undefined {
  return 'result' in answer
    ? (answer.result as { readonly turn?: { readonly id: string } }).turn?.id
    : undefined;
}

function rebuild(threadId: string, entries: readonly ViewEntry[]): Transcript {
  const transcript = new Transcript(threadId);
  for (const entry of entries) transcript.read(toClientEvent(entry));
  return transcript;
}

/** A view entry as the client's own event. */
function toClientEvent(entry: ViewEntry): ClientEvent {
  if (entry instanceof Resynced) return { type: 'resynced', ...entry.snapshot.marker };
  if (entry instanceof Lagged)
    return { type: 'lagged', skipped: entry.skipped, byMethod: {}, threadIds: [...entry.groups] };
  return entry as ClientEvent;
}
