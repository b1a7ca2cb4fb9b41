import type { DynamicToolSpec } from '@millrace/protocol';
import { LIMITS } from '@millrace/protocol';
import { expect, it } from 'vitest';
import { readDynamicTools } from './dynamic-tools.js';

const inputSchema = { type: 'object', properties: {} };
const tool = (name: string, more: object = {}) =>
  ({ type: 'function', name, description: 'A tool.', inputSchema, ...more }) as const;
const family = (name: string, tools: readonly ReturnType<typeof tool>[], description = 'd') =>
  ({ type: 'namespace', name, description, tools }) as const;
const legacy = (name: string, more: object = {}) => ({ name, description: 'A tool.', inputSchema, ...more });
const PATTERN = '^[a-zA-Z0-9_-]+$ to match Responses API';
const long = (length: number) => 'x'.repeat(length);

it('takes tools alone and in namespaces, and those of older clients', () => {
  const [one] = readDynamicTools([tool('one')]);
  expect(one).toEqual({ namespace: null, name: 'one', description: 'A tool.', inputSchema });
  const [inside] = readDynamicTools([family('desk', [tool('look', { deferLoading: true })])]);
  expect(inside).toMatchObject({ namespace: { name: 'desk', description: 'd' }, name: 'look' });
  const old = readDynamicTools([
    legacy('a', { namespace: 'desk' }),
    legacy('b', { namespace: 'desk' }),
    legacy('c'),
  ]);
  expect(old.map(({ namespace, name }) => `${namespace?.name}/${name}`)).toEqual([
    'desk/a',
    'desk/b',
    'undefined/c',
  ]);
});

it('takes a namespace with the name of a tool', () => {
  expect(readDynamicTools([tool('n'), family('n', [tool('n')])])).toHaveLength(2);
});

it.each<[readonly DynamicToolSpec[], string]>([
  [[tool('')], 'dynamic tool name must not be empty'],
  [[tool(' a ')], 'dynamic tool name has leading/trailing whitespace:  a '],
  [[tool('bad name')], `dynamic tool name must match ${PATTERN}: bad name`],
  [
    [tool(long(129))],
    `dynamic tool name must be at most 128 characters to match Responses API: ${long(129)}`,
  ],
  [[tool('mcp')], 'dynamic tool name is reserved: mcp'],
  [[tool('mcp__x')], 'dynamic tool name is reserved: mcp__x'],
  [[tool('a'), tool('a')], 'duplicate dynamic tool name: a'],
  [[tool('a', { deferLoading: true })], 'deferred dynamic tool must include a namespace: a'],
  [
    [tool('a', { inputSchema: 5 })],
    'dynamic tool input schema is not supported for a: invalid type: number, expected struct JsonSchema',
  ],
  [
    [tool('a', { inputSchema: { type: 'object', properties: { b: null } } })],
    'dynamic tool input schema is not supported for a: invalid type: null, expected struct JsonSchema',
  ],
  [[family('', [tool('a')])], 'dynamic tool namespace must not be empty'],
  [[family('bad ns', [tool('a')])], `dynamic tool namespace must match ${PATTERN}: bad ns`],
  [
    [family(long(65), [tool('a')])],
    `dynamic tool namespace must be at most 64 characters to match Responses API: ${long(65)}`,
  ],
  [[family('mcp__x', [tool('a')])], 'dynamic tool namespace is reserved: mcp__x'],
  [
    [family('functions', [tool('a')])],
    'dynamic tool namespace collides with a reserved Responses API namespace: functions',
  ],
  [
    [family('n', [tool('a')], long(1_025))],
    'dynamic tool namespace description must be at most 1024 characters',
  ],
  [[family('n', [])], 'dynamic tool namespace must contain at least one tool: n'],
  [[family('n', [tool('a'), tool('a')])], 'duplicate dynamic tool name in namespace n: a'],
  [[family('n', [tool('a')]), family('n', [tool('b')])], 'duplicate dynamic tool namespace: n'],
  [
    [tool('a'), legacy('b')],
    'Invalid request: dynamic tools must use either canonical or legacy format consistently',
  ],
  [
    Array.from({ length: LIMITS.dynamicTools + 1 }, (_, index) => tool(`t${index}`)),
    `a thread takes at most ${LIMITS.dynamicTools} dynamic tools`,
  ],
])('says what is wrong with %j', (specs, message) => {
  expect(() => readDynamicTools(specs)).toThrow(
    expect.objectContaining({ message, reason: 'invalidRequest' }),
  );
});
