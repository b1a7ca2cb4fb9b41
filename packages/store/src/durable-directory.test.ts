import { describe, expect, it } from 'vitest';
import type { Disk } from './disk.js';
import { makeDirectories, makeDurableDirectory } from './durable-directory.js';

class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A disk that has those directories, and syncs all but some. */
const diskWith = (present: readonly string[], refusals: Readonly<Record<string, string>> = {}) => {
  const directories = new Set(present);
  const synced: string[] = [];
  const refuse = async (): Promise<never> => {
    throw new DiskError('ENOSYS');
  };
  const disk: Disk = {
    openForAppend: refuse,
    readFile: refuse,
    realPath: refuse,
    readPart: refuse,
    stampOf: refuse,
    rename: refuse,
    link: refuse,
    unlink: refuse,
    listDirectory: refuse,
    makeDirectory: async (path) => {
      if (directories.has(path)) throw new DiskError('EEXIST');
      if (!directories.has(path.slice(0, path.lastIndexOf('/')) || '/')) throw new DiskError('ENOENT');
      directories.add(path);
    },
    syncDirectory: async (path) => {
      const code = refusals[path];
      if (code !== undefined) throw new DiskError(code);
      synced.push(path);
    },
  };
  return { disk, directories, synced };
};

describe('makeDurableDirectory', () => {
  it('makes what is missing and syncs every name from the root down', async () => {
    const { disk, directories, synced } = diskWith(['/', '/home']);
    await makeDurableDirectory(disk, '/home/agent', ['sessions', '2026']);
    expect([...directories]).toContain('/home/agent/sessions/2026');
    expect(synced.sort()).toEqual(['/', '/home', '/home/agent', '/home/agent/sessions']);
  });

  it('syncs names that were there before, since whoever made them may not have', async () => {
    const { disk, synced } = diskWith(['/', '/home', '/home/agent', '/home/agent/sessions']);
    await makeDurableDirectory(disk, '/home/agent', ['sessions']);
    expect(synced.sort()).toEqual(['/', '/home', '/home/agent']);
  });

  it.each([
    'EACCES',
    'EPERM',
    'EROFS',
    'EINVAL',
  ])('goes on where a directory above the home refuses with %s', async (code) => {
    const { disk, synced } = diskWith(['/', '/home'], { '/': code });
    await makeDurableDirectory(disk, '/home/agent', []);
    expect(synced).toEqual(['/home']);
  });

  it('fails where a sync fails for any other reason, or inside the home', async () => {
    const broken = diskWith(['/', '/home'], { '/': 'EIO' });
    await expect(makeDurableDirectory(broken.disk, '/home', [])).rejects.toMatchObject({ code: 'EIO' });
    const foreign = diskWith(['/', '/home'], { '/home': 'EACCES' });
    await expect(makeDurableDirectory(foreign.disk, '/home', ['sessions'])).rejects.toMatchObject({
      code: 'EACCES',
    });
  });
});

describe('makeDirectories', () => {
  it('fails where there is not even a root', async () => {
    await expect(makeDirectories(diskWith([]).disk, '/home/agent')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
