import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { Clock } from '@millrace/core/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROCESS_LIMITS } from './process-limits.js';
import { probeSandbox } from './sandbox-probe.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-probe-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function probeWith(script: string, clock: Clock = systemClock) {
  await writeFile(join(directory, 'bwrap'), `#!/bin/sh\n${script}\n`);
  await chmod(join(directory, 'bwrap'), 0o755);
  return probeSandbox({ clock, platform: 'linux', path: directory });
}

describe('probeSandbox', () => {
  it('names the missing program and how to get it', async () => {
    expect(await probeSandbox({ clock: systemClock, platform: 'linux', path: directory })).toEqual({
      type: 'unavailable',
      reason: 'bubblewrap (bwrap) is not installed',
      remedy: expect.stringContaining('apt-get install bubblewrap'),
    });
  });

  it('does not look into relative directories of the search path', async () => {
    const path = join('..', directory);
    expect(await probeSandbox({ clock: systemClock, platform: 'linux', path })).toMatchObject({
      type: 'unavailable',
    });
  });

  it('believes a sandbox that ran its command', async () => {
    expect(await probeWith('for last; do :; done; exec "$last"')).toEqual({
      type: 'available',
      kind: 'bubblewrap',
      executable: join(directory, 'bwrap'),
    });
  });

  it('passes on what a sandbox that fails complains of, in bounds', async () => {
    expect(await probeWith('echo "bwrap: no namespaces" >&2; exit 1')).toMatchObject({
      type: 'unavailable',
      reason: 'bubblewrap does not work here: bwrap: no namespaces',
    });
    const flood = await probeWith('head -c 1000000 /dev/zero | tr "\\0" x; exit 1');
    expect(flood).toMatchObject({ type: 'unavailable' });
    expect(JSON.stringify(flood).length).toBeLessThan(PROCESS_LIMITS.probeOutputBytes + 500);
    expect(await probeWith('exit 3')).toMatchObject({ reason: 'bubblewrap does not work here: exit code 3' });
  });

  it('gives up a sandbox that does not answer in time', async () => {
    const schedule: Clock['schedule'] = (delayMs, callback) => {
      if (delayMs === PROCESS_LIMITS.probeMs) queueMicrotask(callback);
      return () => {};
    };
    expect(await probeWith('sleep 1000', { ...systemClock, schedule })).toMatchObject({
      type: 'unavailable',
      reason: expect.stringContaining('5000 ms'),
    });
  });

  it('says that there is no sandbox on another platform', async () => {
    expect(await probeSandbox({ clock: systemClock, platform: 'win32', path: '/usr/bin' })).toMatchObject({
      type: 'unavailable',
      reason: expect.stringContaining('win32'),
    });
  });

  it.runIf(process.platform !== 'darwin')(
    'looks for the sandbox of macOS in the system alone, not on the search path',
    async () => {
      await writeFile(join(directory, 'sandbox-exec'), '#!/bin/sh\nexit 0\n');
      await chmod(join(directory, 'sandbox-exec'), 0o755);
      expect(await probeSandbox({ clock: systemClock, platform: 'darwin', path: directory })).toEqual({
        type: 'unavailable',
        reason: 'sandbox-exec is not installed',
        remedy: expect.stringContaining('approve each command'),
      });
    },
  );
});
