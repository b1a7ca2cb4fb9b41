import { expect, test } from 'vitest';
import { isAccepted } from './accepted-differences.js';
import { compareSessions } from './comparison.js';
import type { Exchange, Message } from './server-process.js';

const client = (message: Message): Exchange => ({ from: 'client', message });
const server = (message: Message): Exchange => ({ from: 'server', message });
const asked = client({ id: 1, method: 'thing/read', params: {} });
const item = (method: string, type: string, fields: object = {}) =>
  server({ method, params: { item: { type, ...fields } } });

test('the same session in other words is no difference, however often a text was cut', () => {
  const delta = (text: string) => server({ method: 'item/agentMessage/delta', params: { delta: text } });
  const reference = [asked, server({ id: 1, result: { name: 'a' } }), delta('one')];
  const ours = [asked, server({ id: 1, result: { name: 'b' } }), delta('o'), delta('ne')];
  expect(compareSessions(reference, ours)).toEqual([]);
});

test('a message that only one side sent is named, and so is another error code', () => {
  const reference = [
    asked,
    server({ id: 1, error: { code: -32_600, message: 'no' } }),
    item('item/started', 'a'),
  ];
  const ours = [asked, server({ id: 1, error: { code: -32_601, message: 'no' } })];
  expect(compareSessions(reference, ours)).toEqual([
    { kind: 'missing', label: 'error -32600 of thing/read', path: '' },
    { kind: 'missing', label: 'item/started a', path: '' },
    { kind: 'extra', label: 'error -32601 of thing/read', path: '' },
  ]);
});

test('what belongs to a turn has an order', () => {
  const [first, second] = [item('item/started', 'a'), item('item/completed', 'a')];
  const order = compareSessions([first, second], [second, first]);
  expect(order).toEqual([{ kind: 'order', label: 'item/started a, not item/completed a', path: '' }]);
});

test('a field that is missing is named where it should stand, and of a missing object only itself', () => {
  const reference = [
    item('item/started', 'a', { inner: { x: 1, y: [{ z: null }] }, list: [{ p: 1, q: 2 }] }),
  ];
  const ours = [item('item/started', 'a', { list: [{ p: 1 }] })];
  expect(compareSessions(reference, ours).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'shape item{a}.inner',
    'shape item{a}.list[].q',
  ]);
});

test('only what is on the list is meant', () => {
  expect(isAccepted({ kind: 'missing', label: 'account/rateLimits/updated', path: '' })).toBe(true);
  expect(isAccepted({ kind: 'extra', label: 'account/rateLimits/updated', path: '' })).toBe(false);
  expect(isAccepted({ kind: 'shape', label: 'result of config/read', path: 'config.audio' })).toBe(true);
  expect(isAccepted({ kind: 'shape', label: 'result of config/read', path: 'layers' })).toBe(false);
});
