import { runSeeds } from '@millrace/testkit';
import { type ApprovalCoverage, addCoverage, noCoverage } from './approval-coverage.js';
import { simulateApprovals } from './approval-simulation.js';

/** Runs so many schedules, one a seed, and adds up what they reached. @throws {SeedFailure} for the first seed that fails. */
export async function runApprovalSchedules(count: number): Promise<ApprovalCoverage> {
  let reached: ApprovalCoverage = noCoverage();
  await runSeeds('approvals', { count }, async (random) => {
    reached = addCoverage(reached, await simulateApprovals(random));
  });
  return reached;
}
