import { describe, expect, it } from 'vitest';
import { ambientEffects, EFFECT_HOMES, isAtHome } from './ambient-effect.js';
import { readSources } from './source-file.js';

describe('time, randomness, disk, processes and network', () => {
  const effects = ambientEffects(readSources());

  it('come in through ports: only adapters take them from their surroundings', () => {
    expect(effects.filter((effect) => !EFFECT_HOMES.some((home) => isAtHome(effect, home)))).toEqual([]);
  });

  it('are used wherever the list of adapters says so', () => {
    expect(EFFECT_HOMES.filter((home) => !effects.some((effect) => isAtHome(effect, home)))).toEqual([]);
  });
});

describe('the search for them', () => {
  const found = (text: string, path = 'packages/core/src/turn.ts'): readonly string[] =>
    ambientEffects([{ packageFolder: path.split('/')[1] ?? '', path, text }]).map(({ kind }) => kind);

  it('notices each kind', () => {
    expect(found('const now = Date.now();')).toEqual(['time']);
    expect(found('setTimeout(() => {}, 5);')).toEqual(['time']);
    expect(found('const lucky = Math.random();')).toEqual(['randomness']);
    expect(found("import { readFile } from 'node:fs/promises';")).toEqual(['disk']);
    expect(found("const { spawn } = await import('node:child_process');")).toEqual(['processes']);
    expect(found("import net from 'node:net';")).toEqual(['network']);
  });

  it('passes over comments, types, tests and the testkit', () => {
    expect(found('// Date.now() jumps.\n/** Not Math.random(). */')).toEqual([]);
    expect(found("import type { Stats } from 'node:fs';")).toEqual([]);
    expect(found('Date.now();', 'packages/core/src/turn.test.ts')).toEqual([]);
    expect(found('Date.now();', 'packages/testkit/src/clock.ts')).toEqual([]);
  });

  it('does not take one kind or one file for another', () => {
    const effect = { path: 'packages/store/src/node-disk.ts', kind: 'disk' } as const;
    expect(isAtHome(effect, { path: 'packages/store/src/node-disk.ts', kind: 'time' })).toBe(false);
    expect(isAtHome(effect, { path: 'packages/store/src/node', kind: 'disk' })).toBe(false);
    expect(isAtHome(effect, { path: 'packages/store/src/', kind: 'disk' })).toBe(true);
  });
});
