import { describe, expect, it } from 'vitest';
import { STORE_BUGS } from './planted-bugs/store-bugs.js';
import { STORE_CHECKS } from './store-checks.js';
import { StoreViolation } from './store-session.js';

const unchanged = <T>(disk: T): T => disk;
const SIZE = { seeds: 3 };

/** Which check notices which bug. */
const CATCHES = [
  ['powerLoss', 'acknowledgedBeforeSync'],
  ['powerLoss', 'directoryNotSynced'],
  ['powerLoss', 'tornTailKept'],
  ['failedOperation', 'syncErrorIgnored'],
  ['failedOperation', 'syncTriedAgain'],
  ['damagedFile', 'sequenceNotChecked'],
  ['damagedFile', 'checksumNotChecked'],
  ['oneWriter', 'lockNotReleased'],
  ['oneWriter', 'lockNotExclusive'],
  ['takeover', 'takeoverNotExclusive'],
] as const;

describe('the store on a faulty disk', () => {
  it('keeps what was acknowledged through power loss at every operation (TS-1, TS-2, F7)', async () => {
    await expect(STORE_CHECKS.powerLoss(unchanged, SIZE)).resolves.toBeUndefined();
  });

  it('keeps what was acknowledged when any operation fails, alone or with all after it (TS-6, TS-7)', async () => {
    await expect(STORE_CHECKS.failedOperation(unchanged, { seeds: 1 })).resolves.toBeUndefined();
  });

  it('keeps exactly the lines before any damage (TS-2, TS-4)', async () => {
    await expect(STORE_CHECKS.damagedFile(unchanged)).resolves.toBeUndefined();
  });

  it('lets one process write a thread, and the next once that one closed it (TS-5)', async () => {
    await expect(STORE_CHECKS.oneWriter(unchanged)).resolves.toBeUndefined();
  });

  it('lets exactly one of many processes take over from a dead one, in any order (TS-5)', async () => {
    await expect(STORE_CHECKS.takeover(unchanged, SIZE)).resolves.toBeUndefined();
  });

  it.each(CATCHES)('is watched by a check, %s, that notices the planted bug %s', async (check, bug) => {
    await expect(STORE_CHECKS[check](STORE_BUGS[bug], SIZE)).rejects.toThrow(StoreViolation);
  });

  it('has a check for every planted bug, and a planted bug for every check', () => {
    expect(new Set(CATCHES.map(([, bug]) => bug))).toEqual(new Set(Object.keys(STORE_BUGS)));
    expect(new Set(CATCHES.map(([check]) => check))).toEqual(new Set(Object.keys(STORE_CHECKS)));
  });
});
