/**
 * Every order in which several actors can take their steps, each in its own order: a list of actor numbers for each. There
 * are (a + b + …)! / (a! b! …) of them, so keep the counts small.
 *
 * @param steps How many steps each actor has.
 */
export function* interleavings(steps: readonly number[]): Generator<readonly number[]> {
  if (steps.every((count) => count === 0)) {
    yield [];
    return;
  }
  for (const [actor, count] of steps.entries()) {
    if (count === 0) continue;
    for (const rest of interleavings(steps.with(actor, count - 1))) yield [actor, ...rest];
  }
}
