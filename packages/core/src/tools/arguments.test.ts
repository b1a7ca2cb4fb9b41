import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.js';

const parse = (json: string) =>
  parseArguments(json, {
    cmd: 'string',
    'limit?': 'number',
    'tags?': 'string[]',
    'plan?': 'object[]',
    'tty?': 'boolean',
  });

describe('parseArguments', () => {
  it('takes what the shape names, and ignores the rest', () => {
    expect(parse('{"cmd":"ls","limit":5,"tags":["a"],"plan":[{}],"tty":true,"extra":1}')).toEqual({
      type: 'valid',
      value: { cmd: 'ls', limit: 5, tags: ['a'], plan: [{}], tty: true },
    });
  });

  it('takes null and absence of an optional argument alike', () => {
    expect(parse('{"cmd":"ls","limit":null}')).toEqual({ type: 'valid', value: { cmd: 'ls' } });
  });

  it.each([
    ['{}', 'missing field `cmd`'],
    ['{"cmd":null}', 'missing field `cmd`'],
    ['{"cmd":5}', 'invalid type for `cmd`: expected string'],
    ['{"cmd":"a","limit":"5"}', 'invalid type for `limit`: expected number'],
    ['{"cmd":"a","limit":1e999}', 'invalid type for `limit`: expected number'],
    ['{"cmd":"a","tags":[1]}', 'invalid type for `tags`: expected string[]'],
    ['{"cmd":"a","plan":[null]}', 'invalid type for `plan`: expected object[]'],
    ['[]', 'expected an object'],
    ['null', 'expected an object'],
  ])('tells the model what is wrong with %s', (json, detail) => {
    expect(parse(json)).toEqual({ type: 'invalid', text: `failed to parse function arguments: ${detail}` });
  });

  it('never throws, whatever a model writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (json) => {
        expect(['valid', 'invalid']).toContain(parse(json).type);
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
  });
});
