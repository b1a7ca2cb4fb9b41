import { STORE_BUGS, type UnsyncedFate } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { countOperations, FaultViolation, type Plant, runFault } from './faulty-session.js';

const CODES = ['ENOSPC', 'EIO', 'EROFS', 'EMFILE'] as const;
const FATES: readonly UnsyncedFate[] = ['dropped', 'torn', 'reordered'];

/** The operations of the session, from 1. */
const operations = async (): Promise<readonly number[]> =>
  Array.from({ length: await countOperations() }, (_, index) => index + 1);

/** Power loss at each operation, each with one of the fates of what was not synced. */
async function losePower(plant?: Plant): Promise<void> {
  for (const powerLossAt of await operations())
    await runFault({ seed: powerLossAt, powerLossAt }, FATES[powerLossAt % FATES.length] ?? 'torn', plant);
}

/** Each operation fails, alone or with all after it; then the system goes on, or dies with what was not synced. */
async function failEach(code: string, plant?: Plant): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const operation of await operations()) {
    const fail = { operation, code, persists: operation % 2 === 0 };
    const fate = operation % 3 === 0 ? 'dropped' : 'kept';
    failures.push(...(await runFault({ seed: operation, fail }, fate, plant)));
  }
  return failures;
}

describe('a server on a disk that fails', () => {
  it.each(
    CODES,
  )('with %s at any operation says so, lives, and the next one has all that was told (TS-6, TS-7, TS-10)', async (code) => {
    const failures = await failEach(code);
    // Everything that writes was met by the fault at some time, and the client was told in words of the protocol.
    const told = new Set(failures.map((failure) => failure.split(':')[0]));
    expect([...told]).toEqual(
      expect.arrayContaining(['turn', 'turn/start', 'thread/name/set', 'thread/archive', 'thread/unarchive']),
    );
    expect(failures.join()).toContain(code);
  });

  it('or loses power during any operation: the next server has all that was told (TS-1, TS-2, TS-10, F7)', async () => {
    await expect(losePower()).resolves.toBeUndefined();
  });

  it.each([
    ['acknowledgedBeforeSync', losePower],
    ['directoryNotSynced', losePower],
    ['tornTailKept', losePower],
    ['syncErrorIgnored', (plant: Plant) => failEach('EIO', plant)],
    ['syncTriedAgain', (plant: Plant) => failEach('EIO', plant)],
  ] as const)('is found out with the planted bug %s', async (bug, run) => {
    await expect(run(STORE_BUGS[bug])).rejects.toThrow(FaultViolation);
  });
});
