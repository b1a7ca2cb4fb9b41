/** How often schedules of approvals reached what is rare. */
export interface ApprovalCoverage {
  readonly commands: number;
  /** Of these: because of one answer, of a grant for the session, of a rule, of the policy. */
  readonly afterYes: number;
  readonly bySession: number;
  readonly byRule: number;
  readonly byPolicy: number;
  readonly questions: number;
  /** Questions that more than one client heard. */
  readonly askedOfSeveral: number;
  readonly yes: number;
  readonly lateAnswers: number;
  readonly interrupts: number;
  readonly disconnects: number;
}

export function noCoverage(): Record<keyof ApprovalCoverage, number> {
  return {
    commands: 0,
    afterYes: 0,
    bySession: 0,
    byRule: 0,
    byPolicy: 0,
    questions: 0,
    askedOfSeveral: 0,
    yes: 0,
    lateAnswers: 0,
    interrupts: 0,
    disconnects: 0,
  };
}

/** The sum of two, part by part. */
export function addCoverage(a: ApprovalCoverage, b: ApprovalCoverage): ApprovalCoverage {
  const sum = noCoverage();
  for (const name of Object.keys(sum) as (keyof ApprovalCoverage)[]) sum[name] = a[name] + b[name];
  return sum;
}
