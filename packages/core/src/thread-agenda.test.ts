import type { QueuedSubmission } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { AgentPorts } from './agent-ports.js';
import { Conversation } from './conversation.js';
import { GoalTurn } from './goal-turn.js';
import { QueuedTurn } from './queued-turn.js';
import { ThreadAgenda } from './thread-agenda.js';

const submission = (id: string): QueuedSubmission => ({
  id,
  input: [],
  clientUserMessageId: id,
  responsesapiClientMetadata: null,
});

/** An agenda with those submissions, of a thread that is idle. */
function agendaOf(...ids: readonly string[]): ThreadAgenda {
  const ports = {
    events: { emit: () => undefined },
    clock: { now: () => 0, monotonic: () => 0 },
  } as unknown as AgentPorts;
  const agenda = new ThreadAgenda({ threadId: 't', ports, record: () => {} }, false);
  for (const id of ids) agenda.amendQueue({ type: 'queued', submission: submission(id) });
  return agenda;
}

/** What comes next, by the id of its submission; begins it. */
function begin(agenda: ThreadAgenda): string | undefined {
  const work = agenda.next();
  if (work !== undefined) agenda.turnStarted(work);
  return work instanceof QueuedTurn ? work.submission.id : work?.constructor.name;
}

describe('the agenda of a thread', () => {
  it('has the queue first, one submission a turn, then the goal', () => {
    const agenda = agendaOf('a', 'b');
    agenda.goal?.change({ objective: 'x' });
    expect(begin(agenda)).toBe('a');
    agenda.turnEnded('completed');
    expect(begin(agenda)).toBe('b');
    agenda.turnEnded('failed');
    expect(agenda.next()).toBeInstanceOf(GoalTurn);
  });

  it('changes nothing by being looked at', () => {
    const agenda = agendaOf('a');
    expect(agenda.next()).toBeInstanceOf(QueuedTurn);
    expect(agenda.queue).toHaveLength(1);
    expect(begin(agenda)).toBe('a');
    expect(agenda.queue).toHaveLength(0);
  });

  it('rests after an interrupt until a turn ends otherwise', () => {
    const agenda = agendaOf('a');
    agenda.turnEnded('interrupted');
    expect(agenda.next()).toBeUndefined();
    agenda.turnStarted(new Conversation(undefined));
    agenda.turnEnded('failed');
    expect(begin(agenda)).toBe('a');
  });

  it('rests after an interrupt only with what waited then', () => {
    const agenda = agendaOf('a');
    agenda.turnEnded('interrupted');
    agenda.amendQueue({ type: 'unqueued', submissionId: 'a' });
    agenda.amendQueue({ type: 'queued', submission: submission('b') });
    expect(begin(agenda)).toBe('b');
  });

  it('does not try at once again what ended before it was seen, and keeps it as the next', () => {
    const agenda = agendaOf('a', 'b');
    begin(agenda);
    agenda.giveBack(submission('a'));
    agenda.turnEnded('failed');
    expect(agenda.next()).toBeUndefined();
    expect(agenda.queue.map(({ id }) => id)).toEqual(['a', 'b']);
    agenda.turnEnded('completed');
    expect(begin(agenda)).toBe('a');
  });

  it('rests after it was loaded, with the goal until somebody resumes it', () => {
    const agenda = agendaOf();
    agenda.goal?.change({ objective: 'x' });
    const goal = agenda.goal?.current ?? null;
    const loaded = agendaOf();
    loaded.restore({ queue: [submission('a')], goal });
    expect(loaded.next()).toBeUndefined();
    loaded.resumeGoal();
    expect(loaded.next()).toBeInstanceOf(GoalTurn);
  });
});
