/** Steps that build on each other. `C` is what they work with. */
export interface Suite<C> {
  readonly name: string;
  /** Makes ready what the steps need. */
  open(): Promise<C>;
  readonly steps: readonly Step<C>[];
  /** What helps to understand a failure, such as the screen. */
  explain?(context: C): string;
  /** Ends everything that was begun. */
  close(context: C): Promise<void>;
}

export interface Step<C> {
  /** What works, as a sentence without its end. */
  readonly name: string;
  /** Rejects when it does not. */
  run(context: C): Promise<void>;
}

/** What came of a step; after one that failed the others are not tried. */
export interface StepResult {
  readonly suite: string;
  readonly step: string;
  readonly outcome: 'works' | 'FAILS' | 'not tried';
  readonly durationMs: number;
}

/** Takes the steps in their order. A failure is printed at once, and never thrown. */
export async function runSuite<C>(suite: Suite<C>): Promise<readonly StepResult[]> {
  const { name, steps } = suite;
  let context: C;
  try {
    context = await suite.open();
  } catch (error) {
    console.error(`${name} could not be prepared: ${describe(error)}`);
    return [{ suite: name, step: 'is prepared', outcome: 'FAILS', durationMs: 0 }];
  }
  const results: StepResult[] = [];
  try {
    for (const step of steps) results.push(await runStep(suite, step, context, results));
  } finally {
    await suite.close(context);
  }
  return results;
}

async function runStep<C>(
  { name, explain }: Suite<C>,
  step: Step<C>,
  context: C,
  before: readonly StepResult[],
): Promise<StepResult> {
  const result = { suite: name, step: step.name, durationMs: 0 };
  if (before.some(({ outcome }) => outcome !== 'works')) return { ...result, outcome: 'not tried' };
  const start = performance.now();
  try {
    await step.run(context);
    return { ...result, outcome: 'works', durationMs: performance.now() - start };
  } catch (error) {
    console.error(`${name}: ${step.name}: ${describe(error)}\n${explain?.(context) ?? ''}`);
    return { ...result, outcome: 'FAILS', durationMs: performance.now() - start };
  }
}

/** The results as a table. */
export function formatResults(results: readonly StepResult[]): string {
  const width = Math.max(...results.map(({ suite, step }) => suite.length + step.length));
  const lines = results.map(({ suite, step, outcome, durationMs }) => {
    const time = outcome === 'not tried' ? '' : `${Math.round(durationMs)} ms`;
    return `${suite}  ${step.padEnd(width - suite.length)}  ${outcome.padEnd(9)}  ${time.padStart(8)}`.trimEnd();
  });
  const works = results.filter(({ outcome }) => outcome === 'works').length;
  return [...lines, `${works} of ${results.length} steps work.`].join('\n');
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
