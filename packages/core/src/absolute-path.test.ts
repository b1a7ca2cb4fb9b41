import { describe, expect, it } from 'vitest';
import { absolutePath, baseName, parentDirectory, pathFromRoot } from './absolute-path.js';

describe('absolutePath', () => {
  it.each([
    ['a/b', '/work/a/b'],
    ['/etc/hosts', '/etc/hosts'],
    ['./a/../b//c/', '/work/b/c'],
    ['../../../x', '/x'],
    ['.', '/work'],
    ['/', '/'],
  ])('resolves %j', (path, resolved) => {
    expect(absolutePath('/work', path)).toBe(resolved);
  });
});

describe('parentDirectory and baseName', () => {
  it('take a path apart', () => {
    expect([parentDirectory('/a/b'), baseName('/a/b')]).toEqual(['/a', 'b']);
    expect([parentDirectory('/a'), baseName('/a')]).toEqual(['/', 'a']);
    expect([parentDirectory('/'), baseName('/')]).toEqual(['/', '']);
  });
});

describe('pathFromRoot', () => {
  it('shortens only what lies inside', () => {
    expect(pathFromRoot('/work', '/work/a/b')).toBe('a/b');
    expect(pathFromRoot('/', '/a')).toBe('a');
    expect(pathFromRoot('/work', '/workshop/a')).toBe('/workshop/a');
  });
});
