import { newAgentMessage, newUserMessage } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { ThreadRecord } from './thread-record.js';
import { replayThread } from './thread-replay.js';

const META = {
  id: 'thread',
  createdAt: 100,
  cwd: '/project',
  source: 'vscode',
  originator: 'test',
  cliVersion: '1',
  model: 'm',
  modelProvider: 'p',
  forkedFromId: null,
};

const user = {
  ...newUserMessage({
    id: 'u',
    startedAtMs: 1_000,
    content: [{ type: 'text', text: 'hello', text_elements: [] }],
    clientId: null,
  }),
  completedAtMs: 1_000,
};
const late = { ...newAgentMessage({ id: 'late', startedAtMs: 3_000, text: 'late' }), completedAtMs: 3_500 };
const early = {
  ...newAgentMessage({ id: 'early', startedAtMs: 2_000, text: 'early' }),
  completedAtMs: 4_000,
};

const STARTED: readonly ThreadRecord[] = [
  { type: 'thread', meta: META },
  { type: 'turnStarted', turnId: 't1', startedAt: 200 },
  { type: 'item', turnId: 't1', item: user },
  { type: 'response', item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' } },
];
const ENDED: readonly ThreadRecord[] = [
  ...STARTED,
  { type: 'item', turnId: 't1', item: late },
  { type: 'item', turnId: 't1', item: early },
  { type: 'turnEnded', turnId: 't1', status: 'completed', error: null, completedAt: 300, durationMs: 7 },
];

describe('replaying a thread', () => {
  it('puts the items of a turn in the order in which they started, with their ids', () => {
    const stored = replayThread(ENDED);
    expect(stored?.turns).toMatchObject([
      { id: 't1', rootTurnId: 't1', status: 'completed', startedAt: 200, completedAt: 300, durationMs: 7 },
    ]);
    expect(stored?.turns[0]?.items).toEqual([user, early, late]);
    expect(stored).toMatchObject({ preview: 'hello', updatedAt: 300, name: null, isCutShort: false });
  });

  it('shows a turn that never ended as interrupted, and says that it was cut short', () => {
    const stored = replayThread(STARTED);
    expect(stored?.turns).toMatchObject([{ status: 'interrupted', completedAt: null }]);
    expect(stored).toMatchObject({ isCutShort: true, updatedAt: 200 });
    expect(stored?.history).toHaveLength(1);
  });

  it('keeps the last name, settings and read state', () => {
    const readState = { firstUnread: { type: 'turn' as const, turnId: 't1' }, revision: 'r2' };
    const stored = replayThread([
      ...ENDED,
      { type: 'name', name: 'first' },
      { type: 'name', name: 'second' },
      { type: 'readState', readState },
    ]);
    expect(stored).toMatchObject({ name: 'second', readState });
  });

  it('replaces an item that reports late, in the turn that it belongs to', () => {
    const again = { ...late, text: 'later' };
    const stored = replayThread([...ENDED, { type: 'item', turnId: 't1', item: again }]);
    expect(stored?.turns[0]?.items).toEqual([user, early, again]);
  });

  it('gives the model what a compaction left and what came after, whatever was before; cut anywhere before, all of it (TS-10)', () => {
    const message = (text: string) =>
      ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }) as const;
    const records: readonly ThreadRecord[] = [
      ...STARTED,
      { type: 'compacted', turnId: 't1', history: [message('summary')] },
      { type: 'response', item: message('next') },
    ];
    expect(replayThread(records)?.history).toEqual([message('summary'), message('next')]);
    expect(replayThread(records.slice(0, STARTED.length))?.history).toMatchObject([
      { type: 'function_call' },
    ]);
    expect(replayThread(records)?.turns).toEqual(replayThread(STARTED)?.turns);
  });

  it('leaves out records of a kind that it does not know', () => {
    const unknown = { type: 'fromTheFuture' } as unknown as ThreadRecord;
    const [first, ...others] = ENDED;
    expect(replayThread([first as ThreadRecord, unknown, ...others])).toEqual(replayThread(ENDED));
  });

  it('refuses records that do not begin with a thread', () => {
    expect(replayThread(ENDED.slice(1))).toBeUndefined();
    expect(replayThread([])).toBeUndefined();
  });
});
