import { InvariantViolation, runSeeds, SeedFailure } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import type { ApprovalCoverage } from './approval-coverage.js';
import { runApprovalSchedules } from './approval-schedules.js';
import { simulateApprovals } from './approval-simulation.js';
import { APPROVAL_BUGS } from './planted-approval-bugs.js';
import { uproot } from './planting.js';

/** `npm run check:approvals` runs 10,000. */
const SCHEDULES = 400;

/** How often they must reach what is rare, so that a pass means something. */
const REACHED_AT_LEAST: Partial<ApprovalCoverage> = {
  afterYes: 60,
  bySession: 30,
  byRule: 30,
  byPolicy: 100,
  questions: 1_000,
  askedOfSeveral: 200,
  lateAnswers: 400,
  interrupts: 200,
  disconnects: 60,
};

describe('commands that need a yes', () => {
  it('run with one, once, and never without, in 400 seeded schedules (AP-1, AP-2, AP-3, AP-4, AP-5, AP-6, AP-7)', async () => {
    const reached = await runApprovalSchedules(SCHEDULES);
    for (const [name, minimum] of Object.entries(REACHED_AT_LEAST)) {
      const count = reached[name as keyof ApprovalCoverage];
      expect(count, `how often the schedules reached: ${name}`).toBeGreaterThanOrEqual(minimum);
    }
  });
});

describe('the schedules of approvals', () => {
  it.each(Object.entries(APPROVAL_BUGS))('find that %s', async (name, bug) => {
    const run = runSeeds(name, { count: 600 }, async (random) => {
      try {
        await simulateApprovals(random, bug);
      } finally {
        uproot();
      }
    });
    const failure: unknown = await run.catch((error: unknown) => error);
    const cause = failure instanceof SeedFailure ? failure.cause : failure;
    expect(cause).toBeInstanceOf(InvariantViolation);
    expect(bug.breaks).toContain((cause as InvariantViolation).id);
  });

  it('find nothing once the bugs are out: the control', async () => {
    await expect(runApprovalSchedules(30)).resolves.toMatchObject({ commands: expect.any(Number) });
  });
});
