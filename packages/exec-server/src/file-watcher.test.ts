import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@millrace/core/ports';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileWatcher } from './file-watcher.js';
import { PROCESS_LIMITS } from './process-limits.js';

/** A clock whose one timer goes off when the test says so. */
class HandClock implements Clock {
  callback: (() => void) | undefined;
  now = (): number => 0;
  monotonic = (): number => 0;
  schedule = (_delayMs: number, callback: () => void): (() => void) => {
    this.callback = callback;
    return () => {
      this.callback = undefined;
    };
  };

  /** Waits until something was noted, gives the rest of it a chance to arrive, and lets the time pass. */
  async fire(): Promise<void> {
    await vi.waitFor(() => expect(this.callback).toBeDefined());
    const { callback } = this;
    this.callback = undefined;
    callback?.();
  }
}

let directory = '';
let clock = new HandClock();
let told: string[] = [];
let watcher: FileWatcher | undefined;
const at = (name: string): string => join(directory, name);

async function watchPath(path: string): Promise<FileWatcher> {
  watcher = await FileWatcher.start(path, { clock, onChanged: (paths) => told.push(...paths) });
  return watcher;
}

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'millrace-watch-')));
  clock = new HandClock();
  told = [];
  await writeFile(at('a.txt'), 'a');
});
afterEach(async () => {
  watcher?.close();
  await rm(directory, { recursive: true, force: true });
});

it('a changed file is told by its path, and its neighbours are not', async () => {
  await watchPath(at('a.txt'));
  await writeFile(at('b.txt'), 'b');
  await writeFile(at('a.txt'), 'more');
  await clock.fire();
  expect(told).toEqual([at('a.txt')]);
});

it('a file is still watched after another one took its place', async () => {
  await watchPath(at('a.txt'));
  await writeFile(at('new'), 'new');
  await rename(at('new'), at('a.txt'));
  await clock.fire();
  told = [];
  await writeFile(at('a.txt'), 'again');
  await clock.fire();
  expect(told).toEqual([at('a.txt')]);
});

it('the children of a directory are told, each once', async () => {
  await mkdir(at('d'));
  await watchPath(at('d'));
  await writeFile(at('d/x'), '1');
  await writeFile(at('d/x'), '2');
  await clock.fire();
  expect(told).toEqual([at('d/x')]);
});

it('a link is watched where it leads, and told by that path', async () => {
  await symlink(at('a.txt'), at('link'));
  expect((await watchPath(at('link'))).path).toBe(at('a.txt'));
  await writeFile(at('a.txt'), 'more');
  await clock.fire();
  expect(told).toEqual([at('a.txt')]);
});

it('more changes than are kept are told as one of the directory', async () => {
  await watchPath(directory);
  const names = Array.from({ length: PROCESS_LIMITS.watchedPaths + 1 }, (_, index) => at(`f${index}`));
  await Promise.all(names.map((name) => writeFile(name, '')));
  await vi.waitFor(async () => {
    await clock.fire();
    expect(told).toContain(directory);
  });
});

it('nothing is told after the close', async () => {
  const closed = await watchPath(at('a.txt'));
  await writeFile(at('a.txt'), 'more');
  await vi.waitFor(() => expect(clock.callback).toBeDefined());
  closed.close();
  expect(clock.callback).toBeUndefined();
  expect(told).toEqual([]);
});

it('what is not there cannot be watched', async () => {
  await expect(watchPath(at('missing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
