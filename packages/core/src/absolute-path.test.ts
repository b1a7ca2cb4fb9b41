import { describe, expect, it } from 'vitest';
import { absolutePath, baseName, parentDirectory, pathFromRoot } from './absolute-path.js';

describe('absolutePath', () => {
  it.each([
    ['a/b', '/project/a/b'],
    ['/etc/hosts', '/etc/hosts'],
    ['./a/../b//c/', '/project/b/c'],
    ['../../../x', '/x'],
    ['.', '/project'],
    ['/', '/'],
  ])('resolves %j', (path, resolved) => {
    expect(absolutePath('/project', path)).toBe(resolved);
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
    expect(pathFromRoot('/project', '/project/a/b')).toBe('a/b');
    expect(pathFromRoot('/', '/a')).toBe('a');
    expect(pathFromRoot('/project', '/workshop/a')).toBe('/workshop/a');
  });
});
