import { expect, test } from 'vitest';
import { ConversationChecker } from './conversation-checker.js';
import type { JsonSchema } from './json-schema.js';
import { ProtocolSchema } from './protocol-schema.js';

/** A protocol with one method, one notification with a tagged union in it, and one server request. */
const schema = new ProtocolSchema({
  definitions: {
    ClientRequest: { oneOf: [method('thing/read', '#/definitions/v2/ThingReadParams')] },
    ServerNotification: { oneOf: [method('thing/changed', '#/definitions/v2/ThingChanged')] },
    ServerRequest: { oneOf: [method('thing/ask', '#/definitions/v2/ThingAsk')] },
    v2: {
      ThingReadParams: {},
      ThingReadResponse: object({ name: { type: 'string' }, size: { type: ['integer', 'null'] } }, ['name']),
      ThingChanged: object({ thing: { $ref: '#/definitions/v2/Thing' } }, ['thing']),
      ThingAsk: object({ question: { type: 'string' } }, ['question']),
      Thing: {
        oneOf: [
          object({ type: { enum: ['box'] }, width: { type: 'integer' } }, ['type', 'width']),
          object({ type: { enum: ['bag'] }, color: { type: 'string' } }, ['type', 'color']),
        ],
      },
    } as JsonSchema,
  },
});

function method(name: string, params: string): JsonSchema {
  return { properties: { method: { enum: [name] }, params: { $ref: params } } };
}

function object(properties: Readonly<Record<string, unknown>>, required: readonly string[]) {
  return { type: 'object', properties, required } as JsonSchema;
}

function check(...messages: readonly unknown[]): ConversationChecker {
  const checker = new ConversationChecker(schema);
  checker.sent({ id: 1, method: 'thing/read', params: {} });
  checker.sent({ id: 2, method: 'thing/unheardOf', params: {} });
  for (const message of messages) checker.received(message);
  return checker;
}

const changed = (thing: unknown) => ({ method: 'thing/changed', params: { thing }, emittedAtMs: 1 });

test('messages as the schema has them are counted by kind and leave no complaint', () => {
  const checker = check(
    { id: 1, result: { name: 'a', size: null } },
    { id: 2, result: {} },
    changed({ type: 'box', width: 1 }),
    changed({ type: 'bag', color: 'red' }),
    { id: 'q', method: 'thing/ask', params: { question: 'why' } },
    { id: 1, error: { code: -32_600, message: 'no' } },
  );
  expect(checker.violations).toEqual([]);
  expect([...checker.unknown]).toEqual([]);
  expect(checker.counts).toEqual({ results: 1, errors: 1, notifications: 2, serverRequests: 1, unjudged: 1 });
});

test.each([
  [
    'a result that lacks a field',
    { id: 1, result: {} },
    "result of thing/read:  must have required property 'name'",
  ],
  ['a field of the wrong type', { id: 1, result: { name: 5 } }, 'result of thing/read: /name must be string'],
  [
    'a member of a union without its field',
    changed({ type: 'box' }),
    'thing/changed: /thing must match exactly one schema in oneOf',
  ],
  [
    'a notification that nobody knows',
    { method: 'thing/gone', params: {}, emittedAtMs: 1 },
    'thing/gone: no notification is called thing/gone',
  ],
  [
    'a notification without its time',
    { ...changed({ type: 'box', width: 1 }), emittedAtMs: null },
    'thing/changed: emittedAtMs must be integer',
  ],
  [
    'a server request with wrong params',
    { id: 0, method: 'thing/ask', params: {} },
    "request thing/ask:  must have required property 'question'",
  ],
  ['a reply that nobody waits for', { id: 9, result: {} }, 'a reply to no request: {"id":9,"result":{}}'],
  [
    'an error without a message',
    { id: 1, error: { code: 1 } },
    'error of thing/read: needs a code and a message',
  ],
  ['what is no message', [1], 'not a message: [1]'],
])('%s is found', (_name, message, violation) => {
  expect(check(message).violations).toContain(violation);
});

test('a field that is spelt wrong is named, though the schema allows it, also inside a union and of another member', () => {
  const { violations, unknown } = check(
    { id: 1, result: { name: 'a', sise: 1 } },
    changed({ type: 'box', width: 1, color: 'red' }),
  );
  expect(violations).toEqual([]);
  expect([...unknown]).toEqual(['result of thing/read: sise', 'thing/changed: thing.color']);
});

test('a schema without the unions of the protocol is refused', () => {
  expect(() => new ProtocolSchema({ definitions: {} })).toThrow('the schema has no union ClientRequest');
});
