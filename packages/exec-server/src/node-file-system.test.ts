import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem as files } from './node-file-system.js';
import { PROCESS_LIMITS } from './process-limits.js';

let directory: string;
const at = (...names: string[]): string => join(directory, ...names);
const text = async (path: string): Promise<string> => Buffer.from(await files.readFile(path)).toString();

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'node-file-system-')));
});
afterEach(() => rm(directory, { recursive: true }));

describe('readFile', () => {
  it('reads a file whole, also one that claims no size', async () => {
    const bytes = Buffer.from('ä'.repeat(50_000));
    await writeFile(at('a'), bytes);
    expect(Buffer.compare(await files.readFile(at('a')), bytes)).toBe(0);
    await writeFile(at('empty'), '');
    expect(await text(at('empty'))).toBe('');
    if (process.platform === 'linux') expect(await text('/proc/self/status')).toContain('VmRSS');
  });

  it('refuses what is no regular file without waiting for it', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(files.readFile(at('pipe'))).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(files.readFile('/dev/zero')).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(files.readFile(directory)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(files.readFile(at('missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a file beyond the limit', async () => {
    await writeFile(at('big'), '');
    await truncate(at('big'), PROCESS_LIMITS.fileBytes + 1);
    await expect(files.readFile(at('big'))).rejects.toMatchObject({ code: 'EFBIG', path: at('big') });
  });
});

describe('writeFile', () => {
  it('replaces the file by another one, with the mode of the old', async () => {
    await writeFile(at('a'), 'old');
    await chmod(at('a'), 0o751);
    await link(at('a'), at('other-name'));
    await files.writeFile(at('a'), Buffer.from('new'));
    expect(await text(at('a'))).toBe('new');
    expect((await stat(at('a'))).mode & 0o777).toBe(0o751);
    expect(await text(at('other-name'))).toBe('old');
    expect((await readdir(directory)).sort()).toEqual(['a', 'other-name']);
  });

  it('makes a new file with the usual mode', async () => {
    await files.writeFile(at('a'), Buffer.from('new'));
    expect((await stat(at('a'))).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it('writes to where a link points and keeps the link, also one to a file that is not there yet', async () => {
    await mkdir(at('real'));
    await writeFile(at('real/a'), 'old');
    await symlink('real/a', at('link'));
    await symlink('real/b', at('dangling'));
    await files.writeFile(at('link'), Buffer.from('new'));
    await files.writeFile(at('dangling'), Buffer.from('made'));
    expect(await Promise.all([text(at('real/a')), text(at('real/b'))])).toEqual(['new', 'made']);
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    expect((await lstat(at('dangling'))).isSymbolicLink()).toBe(true);
  });

  it('leaves nothing behind when it fails, and never replaces what is no file', async () => {
    await mkdir(at('sub'));
    await expect(files.writeFile(at('sub'), Buffer.from('x'))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(files.writeFile('/dev/null', Buffer.from('x'))).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(files.writeFile(at('no/such'), Buffer.from('x'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(directory)).toEqual(['sub']);
  });

  it('shows readers the old bytes or the new ones while many write', async () => {
    const versions = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index).repeat(10_000));
    await writeFile(at('a'), versions[0] ?? '');
    const writes = Promise.all(versions.map((version) => files.writeFile(at('a'), Buffer.from(version))));
    for (let index = 0; index < 20; index += 1) expect(versions).toContain(await text(at('a')));
    await writes;
    expect(await readdir(directory)).toEqual(['a']);
  });
});

describe('directories and paths', () => {
  it('makes a directory with its parents, and again', async () => {
    await files.makeDirectory(at('a/b/c'));
    await files.makeDirectory(at('a/b/c'));
    expect(await files.kindOf(at('a/b/c'))).toBe('directory');
  });

  it('removes files and links, never a directory', async () => {
    await writeFile(at('a'), 'kept');
    await symlink('a', at('link'));
    await files.remove(at('link'));
    expect(await readFile(at('a'), 'utf8')).toBe('kept');
    await files.remove(at('a'));
    await expect(files.remove(at('a'))).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(at('sub'));
    await expect(files.remove(at('sub'))).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['sub']);
  });

  it('says what is at a path, links followed', async () => {
    await writeFile(at('a'), '');
    await symlink('a', at('link'));
    await symlink('missing', at('dangling'));
    const kinds = await Promise.all(
      [at('a'), at('link'), directory, '/dev/null', at('dangling'), at('a/b')].map(files.kindOf),
    );
    expect(kinds).toEqual(['file', 'file', 'directory', 'other', undefined, undefined]);
  });

  it('resolves links of the part that exists, and of a link that points nowhere', async () => {
    await mkdir(at('real'));
    await symlink('real', at('link'));
    await symlink('/no-such-place/x', at('out'));
    await symlink('loop', at('loop'));
    expect(await files.resolvePath(at('link/new/file'))).toBe(at('real/new/file'));
    expect(await files.resolvePath(at('link/../real/./a'))).toBe(at('real/a'));
    expect(await files.resolvePath(at('out/y'))).toBe('/no-such-place/x/y');
    await expect(files.resolvePath(at('loop/a'))).rejects.toMatchObject({ code: 'ELOOP' });
  });
});
