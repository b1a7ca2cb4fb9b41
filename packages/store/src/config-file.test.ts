import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.js';
import { loadConfig } from './config-file.js';
import type { Disk } from './disk.js';

const PATH = '/home/config.toml';

class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`${code}: refused`);
    this.code = code;
  }
}

type ReadingDisk = Pick<Disk, 'readFile'>;
const diskWith = (contents: string | Uint8Array): ReadingDisk => ({
  readFile: async () => (typeof contents === 'string' ? new TextEncoder().encode(contents) : contents),
});
const failingDisk = (code: string): ReadingDisk => ({
  readFile: async () => {
    throw new DiskError(code);
  },
});

const refusal = async (disk: ReadingDisk): Promise<ConfigError> => {
  const error = await loadConfig(PATH, disk).catch((reason: unknown) => reason);
  if (error instanceof ConfigError) return error;
  throw new Error('the file was accepted', { cause: error });
};

describe('loadConfig', () => {
  it('gives the table as it stands in the file', async () => {
    const loaded = await loadConfig(PATH, diskWith('model = "m"\n[features]\nlanterns = true\n'));
    expect(loaded).toMatchObject({
      path: PATH,
      isPresent: true,
      table: { model: 'm', features: { lanterns: true } },
    });
  });

  it('takes a missing file for an empty one', async () => {
    expect(await loadConfig(PATH, failingDisk('ENOENT'))).toMatchObject({
      path: PATH,
      isPresent: false,
      table: {},
    });
  });

  it('gives files that say the same the same version, whatever their order and comments', async () => {
    const versions = await Promise.all(
      ['a = 1\nb = 2\n', 'b = 2 # two\na = 1\n', 'a = 1\nb = 3\n'].map(
        async (text) => (await loadConfig(PATH, diskWith(text))).version,
      ),
    );
    expect(versions[0]).toBe(versions[1]);
    expect(versions[0]).not.toBe(versions[2]);
  });

  it('says at which line and column the syntax is broken, without quoting the file', async () => {
    const error = await refusal(diskWith('model = "m"\nkey = sk-canary\n'));
    expect(error.position).toEqual({ line: 2, column: 7 });
    expect(error.message).toMatch(/^\/home\/config\.toml:2:7: Invalid TOML document: /);
    expect(error.message).not.toContain('canary');
  });

  it.each([
    ['a key that is there twice', 'model = "a"\nmodel = "b"\n'],
    ['a key that could change a prototype', '__proto__ = 1\n'],
    ['nesting without end', `a = ${'['.repeat(100)}${']'.repeat(100)}\n`],
  ])('refuses %s', async (_, text) => {
    expect((await refusal(diskWith(text))).position).toBeDefined();
  });

  it('refuses a file that is not UTF-8', async () => {
    const error = await refusal(diskWith(Uint8Array.of(0xff, 0xfe)));
    expect(error).toMatchObject({ message: '/home/config.toml is not UTF-8', position: undefined });
  });

  it('says why a file cannot be read', async () => {
    expect((await refusal(failingDisk('EACCES'))).message).toBe(
      'cannot read /home/config.toml: EACCES: refused',
    );
  });
});
