import { systemClock } from '@millrace/channel';
import { probeSandbox } from '@millrace/exec-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EscapeAttempt,
  FILE_ESCAPES,
  NETWORK_ESCAPES,
  PRIVILEGE_ESCAPES,
  PROCESS_ESCAPES,
  PROTECTED_ESCAPES,
} from './escape-attempt.js';
import { Playground } from './playground.js';

const detected = await probeSandbox({
  clock: systemClock,
  platform: process.platform,
  path: process.env.PATH,
});
const ESCAPES = [
  ...FILE_ESCAPES,
  ...PROTECTED_ESCAPES,
  ...PROCESS_ESCAPES,
  ...PRIVILEGE_ESCAPES,
  ...NETWORK_ESCAPES,
];
const isRoot = process.getuid?.() === 0;
const possible = ESCAPES.filter(({ needsRoot }) => isRoot || needsRoot !== true);

if (detected.type === 'unavailable') {
  console.warn(`NOT TESTED: ${ESCAPES.length} escapes, because ${detected.reason}; ${detected.remedy}`);
} else if (possible.length < ESCAPES.length) {
  const left = ESCAPES.length - possible.length;
  console.warn(`NOT TESTED: ${left} escapes that need the superuser even without a sandbox`);
}

let playground: Playground;

/** Looks until the attempt is seen to have succeeded, or for so many turns of the event loop. */
async function hasEscaped(
  { hasEscaped: look }: EscapeAttempt,
  output: string,
  turns: number,
): Promise<boolean> {
  for (let turn = 0; turn < turns; turn += 1) {
    if (await look(playground, output)) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

describe.runIf(detected.type === 'available')('a command in the sandbox', () => {
  beforeEach(async () => {
    playground = await Playground.make(detected);
  });
  afterEach(() => playground.clear());

  it('is put to at least 30 attempts', () => {
    expect(possible.length).toBeGreaterThanOrEqual(30);
    expect(new Set(ESCAPES.map(({ name }) => name)).size).toBe(ESCAPES.length);
  });

  it.each(possible)('never $name', async (attempt) => {
    const output = await playground.run(attempt.script(playground), true);
    expect(await hasEscaped(attempt, output, 20), output).toBe(false);
  });

  // A check that cannot fail is none: without the sandbox each of them works.
  it.each(possible)('that had no sandbox: $name', async (attempt) => {
    const output = await playground.run(attempt.script(playground), false);
    expect(await hasEscaped(attempt, output, 2_000), output).toBe(true);
  });
});
