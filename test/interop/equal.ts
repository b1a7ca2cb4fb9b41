import { isDeepStrictEqual } from 'node:util';

/** @throws {Error} that says both where they differ. */
export function equal(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}
