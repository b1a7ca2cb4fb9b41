/** One line of the report: what was measured, and the goal where there is one. */
export interface Measurement {
  /** Number of the goal, 1 to 8; rivals and background have the number of the goal that they are compared in. */
  readonly goal: number;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the value should be; absent for rivals and background. */
  readonly target?: Target;
}

export interface Target {
  readonly relation: 'atMost' | 'atLeast';
  readonly value: number;
}

export function isMet({ value, target }: Measurement): boolean | undefined {
  if (target === undefined) return undefined;
  return target.relation === 'atMost' ? value <= target.value : value >= target.value;
}

export function atMost(value: number): Target {
  return { relation: 'atMost', value };
}

export function atLeast(value: number): Target {
  return { relation: 'atLeast', value };
}
