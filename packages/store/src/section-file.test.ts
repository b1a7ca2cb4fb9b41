import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptSection } from '@millrace/core/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from './node-disk.js';
import { sectionFile } from './section-file.js';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-sections-'));
  path = join(directory, 'sections.json');
});
afterEach(() => rm(directory, { recursive: true }));

const kept: readonly KeptSection[] = [
  { id: 'a', name: 'A', appearance: null, threads: [{ threadId: 't', enteredAt: 7 }] },
  { id: 'b', name: 'B', appearance: { icon: null, color: 'red' }, threads: [] },
];

describe('the file of sections', () => {
  it('gives back what was written, and nothing where nothing was', async () => {
    const file = sectionFile(path, nodeDisk);
    expect(await file.read()).toBeUndefined();
    await file.write(kept);
    expect(await sectionFile(path, nodeDisk).read()).toEqual(kept);
  });

  it('is as it was where the new one cannot be written', async () => {
    await sectionFile(path, nodeDisk).write(kept);
    const full = { ...nodeDisk, rename: () => Promise.reject(new Error('ENOSPC')) };
    await expect(sectionFile(path, full).write([])).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
    expect(await sectionFile(path, nodeDisk).read()).toEqual(kept);
  });

  it.each([
    '{',
    '[]',
    '{"sections":{}}',
    '{"sections":[null]}',
    '{"sections":[{"id":"a","name":"A","appearance":null,"threads":[{"threadId":1,"enteredAt":7}]}]}',
    '{"sections":[{"id":"a","name":"A","appearance":{"icon":1,"color":null},"threads":[]}]}',
  ])('says that it cannot be understood, and stays: %s', async (text) => {
    await writeFile(path, text);
    await expect(sectionFile(path, nodeDisk).read()).rejects.toThrow('the sections cannot be understood');
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
