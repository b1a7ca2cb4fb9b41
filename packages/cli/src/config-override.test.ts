import { describe, expect, it } from 'vitest';
import { addConfigOverride } from './config-override.js';

describe('addConfigOverride', () => {
  it('reads values as TOML, under a dotted key', () => {
    expect(addConfigOverride('a=1')).toEqual({ a: 1 });
    expect(addConfigOverride('tools.update_plan.enabled = false')).toEqual({
      tools: { update_plan: { enabled: false } },
    });
    expect(addConfigOverride('roots=["/a", "/b"]')).toEqual({ roots: ['/a', '/b'] });
    expect(addConfigOverride('model="x=y"')).toEqual({ model: 'x=y' });
  });

  it('takes what is no TOML as a text', () => {
    expect(addConfigOverride('model=gpt-5.5')).toEqual({ model: 'gpt-5.5' });
    expect(addConfigOverride('name="half')).toEqual({ name: '"half' });
  });

  it('adds to what came before; a later one of the same key wins', () => {
    const first = addConfigOverride('a.b=1');
    const second = addConfigOverride('a.c=2', first);
    expect(addConfigOverride('a.b=3', second)).toEqual({ a: { b: 3, c: 2 } });
    expect([first, second]).toEqual([{ a: { b: 1 } }, { a: { b: 1, c: 2 } }]);
  });

  it('refuses what has no key', () => {
    for (const argument of ['model', '=x', ' =x', 'a b=1', '__proto__.x=1']) {
      expect(() => addConfigOverride(argument)).toThrow(
        expect.objectContaining({ code: 'commander.invalidArgument' }),
      );
    }
  });
});
