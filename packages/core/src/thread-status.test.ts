import { describe, expect, it } from 'vitest';
import type { ThreadEvents } from './ports.js';
import { ThreadStatusTracker } from './thread-status.js';

function newTracker(): { readonly tracker: ThreadStatusTracker; readonly told: unknown[] } {
  const told: unknown[] = [];
  const events: ThreadEvents = {
    emit: (_threadId, _method, params) => {
      told.push((params as { readonly status: unknown }).status);
      return undefined;
    },
  };
  return { tracker: new ThreadStatusTracker(events, 't'), told };
}

const active = (...activeFlags: readonly string[]) => ({ type: 'active', activeFlags });

describe('ThreadStatusTracker', () => {
  it('tells each change once, and nothing where nothing changes', () => {
    const { tracker, told } = newTracker();
    tracker.enter('idle');
    tracker.enter('active');
    tracker.enter('active');
    tracker.enter('systemError');
    tracker.enter('active');
    tracker.enter('idle');
    expect(told).toEqual([active(), { type: 'systemError' }, active(), { type: 'idle' }]);
  });

  it('keeps a flag up while at least one question waits', () => {
    const { tracker, told } = newTracker();
    tracker.enter('active');
    const [first, second] = [tracker.wait('waitingOnApproval'), tracker.wait('waitingOnApproval')];
    first();
    first();
    expect(tracker.current).toEqual(active('waitingOnApproval'));
    second();
    expect(told).toEqual([active(), active('waitingOnApproval'), active()]);
  });

  it('shows both flags at once', () => {
    const { tracker } = newTracker();
    tracker.enter('active');
    tracker.wait('waitingOnUserInput');
    tracker.wait('waitingOnApproval');
    expect(tracker.current).toEqual(active('waitingOnApproval', 'waitingOnUserInput'));
  });

  it('does not let a question of an ended turn lower the flag of the next one (AP-5)', () => {
    const { tracker } = newTracker();
    tracker.enter('active');
    const late = tracker.wait('waitingOnApproval');
    tracker.enter('idle');
    tracker.enter('active');
    tracker.wait('waitingOnApproval');
    late();
    expect(tracker.current).toEqual(active('waitingOnApproval'));
  });
});
