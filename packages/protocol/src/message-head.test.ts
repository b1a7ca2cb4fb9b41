import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestIdOfHead } from './message-head.js';

test('the id of a request is found in its beginning, in whichever order its members stand', () => {
  expect(requestIdOfHead('{"method":"turn/start","id":7,"params":{"x":"aaa')).toBe(7);
  expect(requestIdOfHead(' { "id" : "a\\"b" , "params" : [ "aaa')).toBe('a"b');
  expect(requestIdOfHead('{"id":7,"trace":{"a":["}",{}]},"method":"x","params":{"x":"')).toBe(7);
  expect(requestIdOfHead('{"params":{"id":1,"a":[1,2]},"id":2,"x":"aaa')).toBe(2);
});

test('what is no request, or shows no whole id, has none', () => {
  const heads = [
    '',
    'xxxx',
    '[{"id":1,"method":"x"',
    '{"id":7,"result":{"x":"aaa',
    '{"method":"turn/started","params":{"id":7,"x":"aaa',
    '{"method":"x","id":12',
    '{"method":"x","id":"12',
    '{"method":"x","id":1.5,"params":{',
    '{"method":"x","id":null,"params":{',
    '{"params":{"x":"aaa',
    '{"method":"x" "id":1,"a":2',
  ];
  expect(heads.map(requestIdOfHead)).toEqual(heads.map(() => undefined));
});

test('every cut of a request gives its id or none, and never another', () => {
  const request = fc.record({
    method: fc.string(),
    trace: fc.jsonValue(),
    id: fc.oneof(fc.maxSafeInteger(), fc.string()),
    params: fc.jsonValue(),
  });
  fc.assert(
    fc.property(request, fc.nat(), (message, cut) => {
      // -0 becomes 0 in JSON.
      const id = typeof message.id === 'number' ? message.id + 0 : message.id;
      const text = JSON.stringify({ ...message, id });
      const head = text.slice(0, cut % text.length);
      const isWhole = head.includes(`,"id":${JSON.stringify(id)},"params":`);
      expect([id, undefined]).toContain(requestIdOfHead(head));
      if (isWhole) expect(requestIdOfHead(`${head} `)).toBe(id);
    }),
    { numRuns: 1_000, seed: 20_261_121 },
  );
});
