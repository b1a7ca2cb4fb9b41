import type { ThreadMeta, ThreadRecord, ThreadStore } from '@millrace/core/ports';
import { newAgentMessage, newUserMessage } from '@millrace/protocol';
import { SeededRandom } from '@millrace/testkit';

/** What the messages are made of: short and long, with and without capitals, and not only Latin letters. */
export const WORDS = [
  'mill',
  'Wheel',
  'needle',
  'ÄÖß',
  '水車',
  'a',
  'channel',
  'queue.full',
  '100%',
  'back\\slash',
  '"quoted"',
  'under_score',
  'parser',
  'Überlauf',
] as const;

/** 2026-01-01T00:00:00Z. */
const FIRST_SECOND = 1_767_225_600;

export interface SeededThreads {
  readonly seed: number;
  readonly threads: number;
  /** The most turns of a thread; at least 1. */
  readonly turns: number;
  /** The most words of a message; at least 1. */
  readonly words: number;
  /** What the messages are made of; {@link WORDS} when absent. */
  readonly vocabulary?: readonly string[];
}

/** Keeps threads of all kinds in a store, several of them in the same second. */
export async function keepSeededThreads(store: ThreadStore, options: SeededThreads): Promise<void> {
  const random = new SeededRandom(options.seed);
  for (let index = 0; index < options.threads; index += 1) {
    const meta = seededMeta(index, random);
    const log = await store.create(meta);
    log.append(seededRecords(meta, random, options));
    await log.close();
  }
}

function seededMeta(index: number, random: SeededRandom): ThreadMeta {
  return {
    id: `01b00000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    createdAt: FIRST_SECOND + random.int(0, 40) * 3_600,
    cwd: random.pick(['/work/one', '/work/two', '/work/three']),
    source: random.pick(['vscode', 'vscode', 'cli', 'exec', 'something']),
    originator: 'test',
    cliVersion: '1',
    model: 'm',
    modelProvider: random.pick(['alpha', 'beta']),
    forkedFromId: null,
  };
}

function seededRecords(meta: ThreadMeta, random: SeededRandom, options: SeededThreads): ThreadRecord[] {
  const records: ThreadRecord[] = [];
  const said = (): string =>
    Array.from({ length: random.int(1, options.words) }, () => random.pick(options.vocabulary ?? WORDS)).join(
      ' ',
    );
  for (let turn = random.int(1, options.turns); turn > 0; turn -= 1) {
    const turnId = `${meta.id}-${turn}`;
    const startedAt = meta.createdAt + random.int(0, 5) * 60;
    const ids = { id: turnId, startedAtMs: startedAt * 1_000 };
    const content = [{ type: 'text' as const, text: said(), text_elements: [] }];
    records.push(
      { type: 'turnStarted', turnId, startedAt },
      { type: 'item', turnId, item: newUserMessage({ ...ids, id: `${turnId}-u`, content, clientId: null }) },
      { type: 'item', turnId, item: newAgentMessage({ ...ids, id: `${turnId}-a`, text: said() }) },
      { type: 'turnEnded', turnId, status: 'completed', error: null, completedAt: startedAt, durationMs: 1 },
    );
    if (random.chance(0.2)) records.push({ type: 'name', name: said() });
    if (random.chance(0.1)) records.push({ type: 'reverted', beforeTurnId: turnId });
  }
  if (random.chance(0.2)) records.push({ type: 'archived', isArchived: true });
  return records;
}
