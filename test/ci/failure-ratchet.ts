/** What a run says about the number of failures that is allowed. */
export interface RatchetVerdict {
  readonly isHeld: boolean;
  readonly text: string;
}

/**
 * Compares a count of failures with the most that were allowed so far. The allowed number may only ever go down, so a run that has
 * fewer asks for that.
 */
export function judgeFailures(failures: number, allowed: number): RatchetVerdict {
  if (failures > allowed)
    return { isHeld: false, text: `${failures} scenarios fail, ${allowed} are allowed` };
  if (failures < allowed) {
    return {
      isHeld: true,
      text: `${failures} scenarios fail: lower the number in the ratchet file from ${allowed}`,
    };
  }
  return { isHeld: true, text: `${failures} scenarios fail, as many as allowed` };
}
