import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigEdit } from './config-edit.js';
import { loadConfig } from './config-file.js';
import { type ConfigWrite, writeConfig } from './config-writer.js';
import type { Disk } from './disk.js';
import { nodeDisk } from './node-disk.js';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-config-'));
  path = join(directory, 'config.toml');
});
afterEach(() => rm(directory, { recursive: true }));

const replace = (keyPath: string, value: unknown): ConfigEdit => ({
  keyPath,
  value,
  mergeStrategy: 'replace',
});
const upsert = (keyPath: string, value: unknown): ConfigEdit => ({ keyPath, value, mergeStrategy: 'upsert' });
const write = (edits: readonly ConfigEdit[], expectedVersion: string | null = null) =>
  writeConfig(path, nodeDisk, { edits, expectedVersion } satisfies ConfigWrite);
const text = () => readFile(path, 'utf8');

describe('writeConfig', () => {
  it('makes a file that is not there, for its owner alone', async () => {
    expect(await write([replace('model', 'm')])).toMatchObject({
      type: 'written',
      file: { table: { model: 'm' } },
    });
    expect(await text()).toBe('model = "m"\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['config.toml']);
  });

  it('changes what the edits name and nothing else', async () => {
    await writeFile(path, '# mine\nmodel = "a" # why\n\n[model_providers.x]\nbase_url = "http://h/v1"\n');
    await write([
      replace('model', 'b'),
      upsert('model_providers.x', { name: 'X' }),
      replace('features."a.b"', true),
      replace('gone.deeper', null),
    ]);
    expect(await text()).toBe(
      '# mine\nmodel = "b" # why\n\n[model_providers.x]\nbase_url = "http://h/v1"\nname = "X"\n\n[features]\n"a.b" = true\n',
    );
  });

  it('puts a table in the place of another one, or merges the two, as it is told', async () => {
    await writeFile(path, '[features]\na = true\nb = true\n');
    await write([upsert('features', { c: true })]);
    expect((await loadConfig(path, nodeDisk)).table).toEqual({ features: { a: true, b: true, c: true } });
    await write([replace('features', { d: true })]);
    expect((await loadConfig(path, nodeDisk)).table).toEqual({ features: { d: true } });
  });

  it('takes the version that a reader was given, and no older one', async () => {
    await writeFile(path, 'model = "a"\n');
    const { version } = await loadConfig(path, nodeDisk);
    const written = await write([replace('model', 'b')], version);
    expect(written).toMatchObject({ file: { version: (await loadConfig(path, nodeDisk)).version } });
    expect(await write([replace('model', 'c')], version)).toMatchObject({
      type: 'refused',
      code: 'configVersionConflict',
    });
    expect(await text()).toBe('model = "b"\n');
  });

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['', 1, 'keyPath must not be empty'],
    ['a..b', 1, 'keyPath segments must not be empty'],
    ['model.sub', 1, 'cannot set value on non-table parent'],
    ['x', { y: null }, 'invalid value: invalid type: null, expected any valid TOML value'],
    [
      'profile',
      'p',
      '`profile` is a legacy config selector and can no longer be written; use `--profile <name>` with `<name>.config.toml` instead',
    ],
    [
      'approval_policy',
      'bogus',
      'Invalid configuration: `approval_policy`: expected one of `untrusted`, `on-request`, `never`, found `bogus`',
    ],
    [
      'x',
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 1])),
      'Invalid configuration: more than 256 keys would change at once',
    ],
    ['x', 'y'.repeat(1_048_576), 'the configuration would be over 1048576 bytes'],
    ['__proto__', { a: 1 }, `${'PATH'} is written in a way that cannot be edited here`],
  ];
  it.each(
    refused,
  )('refuses to write `%s` where that makes no configuration', async (keyPath, value, message) => {
    const before = 'model = "a"\n\n[x]\nz = 1\n';
    await writeFile(path, before);
    expect(await write([replace('model', 'never'), replace(keyPath, value)])).toEqual({
      type: 'refused',
      code: 'configValidationError',
      message: message.replace('PATH', path),
    });
    expect(await text()).toBe(before);
  });

  it('writes through a symbolic link, which stays', async () => {
    const target = join(directory, 'target.toml');
    await writeFile(target, 'model = "a"\n');
    await chmod(target, 0o644);
    await symlink(target, path);
    await write([replace('model', 'b')]);
    expect(await readFile(target, 'utf8')).toBe('model = "b"\n');
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['config.toml', 'target.toml']);
  });

  it('leaves the file and nothing else behind where the disk refuses', async () => {
    await writeFile(path, 'model = "a"\n');
    const full: Disk = { ...nodeDisk, rename: () => Promise.reject(new Error('ENOSPC')) };
    const outcome = writeConfig(path, full, { edits: [replace('model', 'b')], expectedVersion: null });
    await expect(outcome).rejects.toThrow('ENOSPC');
    expect(await text()).toBe('model = "a"\n');
    expect(await readdir(directory)).toEqual(['config.toml']);
  });
});
