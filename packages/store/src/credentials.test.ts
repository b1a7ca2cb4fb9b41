import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Credentials } from './credentials.js';
import { nodeDisk } from './node-disk.js';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-credentials-'));
  path = join(directory, 'auth.json');
});
afterEach(() => rm(directory, { recursive: true }));

describe('Credentials', () => {
  it('keeps a key for its owner alone, and forgets it', async () => {
    const credentials = await Credentials.load(path, nodeDisk);
    expect(credentials.apiKey).toBeNull();
    await credentials.setApiKey('sk-canary');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await Credentials.load(path, nodeDisk)).apiKey).toBe('sk-canary');
    await credentials.clear();
    await credentials.clear();
    expect(credentials.apiKey).toBeNull();
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps the old key where the new one cannot be written, and says so without either (RQ-8)', async () => {
    const full = { ...nodeDisk, rename: () => Promise.reject(new Error('ENOSPC sk-canary')) };
    await writeFile(path, '{"OPENAI_API_KEY":"sk-old"}');
    const credentials = await Credentials.load(path, full);
    const error: unknown = await credentials.setApiKey('sk-canary').catch((reason: unknown) => reason);
    expect(String(error)).toBe('CredentialsError: the credentials cannot be kept');
    expect(credentials.apiKey).toBe('sk-old');
    expect(await readFile(path, 'utf8')).toContain('sk-old');
  });

  it.each([
    '{"OPENAI_API_KEY": sk-canary',
    '["sk-canary"',
    '{"OPENAI_API_KEY": 5}',
  ])('takes a broken file for an empty one, and says so without quoting it (RQ-8): %s', async (text) => {
    await writeFile(path, text);
    const credentials = await Credentials.load(path, nodeDisk);
    expect(credentials.apiKey).toBeNull();
    expect(credentials.problem).toBe(`The credentials in ${path} cannot be read; log in again.`);
    await credentials.setApiKey('sk-new');
    expect((await Credentials.load(path, nodeDisk)).problem).toBeNull();
  });
});
