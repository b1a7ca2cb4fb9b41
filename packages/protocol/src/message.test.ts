import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessage } from './message.js';

test('a request, a notification, a result and an error are told apart', () => {
  expect(readMessage({ method: 'thread/read', id: 1, params: { threadId: 't' } })).toEqual({
    type: 'request',
    message: { method: 'thread/read', id: 1, params: { threadId: 't' } },
  });
  expect(readMessage({ method: 'initialized' })).toEqual({
    type: 'notification',
    message: { method: 'initialized' },
  });
  expect(readMessage({ id: 'a', result: null })).toEqual({
    type: 'result',
    message: { id: 'a', result: null },
  });
  expect(readMessage({ error: { code: -32600, message: 'no' }, id: 1 })).toEqual({
    type: 'error',
    message: { id: 1, error: { code: -32600, message: 'no' } },
  });
});

test('a jsonrpc member and unknown members are left out', () => {
  expect(readMessage({ jsonrpc: '2.0', method: 'x', id: 1, trace: 'y' })).toEqual({
    type: 'request',
    message: { method: 'x', id: 1 },
  });
});

test('a notification keeps the time at which it was sent', () => {
  expect(readMessage({ method: 'warning', params: {}, emittedAtMs: 5 })).toEqual({
    type: 'notification',
    message: { method: 'warning', params: {}, emittedAtMs: 5 },
  });
});

test('ids are integers that are exact, or strings', () => {
  const ids = [0, -1, Number.MAX_SAFE_INTEGER, '', 'a'];
  expect(ids.map((id) => readMessage({ method: 'x', id })?.type)).toEqual(ids.map(() => 'request'));
  const others = [null, 1.5, 2 ** 53, true, {}, []];
  expect(others.map((id) => readMessage({ method: 'x', id }))).toEqual(others.map(() => undefined));
  expect(others.map((id) => readMessage({ id, result: {} }))).toEqual(others.map(() => undefined));
});

test('what is no message is none', () => {
  const values = [null, 42, 'x', [], [{ method: 'x', id: 1 }], {}, { id: 1 }, { method: 5, id: 1 }];
  expect(values.map(readMessage)).toEqual(values.map(() => undefined));
  const errors = ['x', {}, { code: 'x', message: 'm' }, { code: 1 }, null];
  expect(errors.map((error) => readMessage({ id: 1, error }))).toEqual(errors.map(() => undefined));
});

test('the data of an error comes along', () => {
  const error = { code: -32001, data: { retryable: true }, message: 'Server overloaded; retry later.' };
  expect(readMessage({ error, id: 7 })).toEqual({ type: 'error', message: { error, id: 7 } });
});

test('reading never throws, whatever the JSON value is (RQ-9)', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = readMessage(value);
      expect(read === undefined || 'type' in read).toBe(true);
    }),
    { seed: 20_261_121 },
  );
});
