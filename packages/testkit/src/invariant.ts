import { isDeepStrictEqual } from 'node:util';

/** A promise of the design that did not hold. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
  /** The id under which the design names it, such as `CH-1`. */
  readonly id: string;

  constructor(id: string, message: string) {
    super(`${id}: ${message}`);
    this.id = id;
  }
}

/** @throws {InvariantViolation} when the condition does not hold. */
export function invariant(condition: boolean, id: string, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(id, message);
}

/** @throws {InvariantViolation} when the two differ in any part. */
export function invariantEqual(actual: unknown, expected: unknown, id: string, what: string): void {
  if (Object.is(actual, expected) || isDeepStrictEqual(actual, expected)) return;
  throw new InvariantViolation(id, `${what} is ${print(actual)}, expected ${print(expected)}`);
}

function print(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => (part instanceof Map ? [...part] : part)) ?? String(value)
  );
}
