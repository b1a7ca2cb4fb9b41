import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_METHODS } from './all-methods.js';
import { CLIENT_REQUESTS, type ClientRequestMethod } from './client-requests.js';
import { describeUnknownMethod } from './invalid-params.js';
import { LIMITS } from './limits.js';
import { parseParams } from './parse-params.js';

const METHODS = Object.keys(CLIENT_REQUESTS) as ClientRequestMethod[];

function messageFor(method: ClientRequestMethod, params: unknown): string {
  const result = parseParams(method, params);
  if (result.type === 'parsed') throw new Error(`${method} took ${JSON.stringify(params)}`);
  return result.message;
}

test('unknown fields are left out and known ones kept', () => {
  expect(parseParams('thread/read', { threadId: 't', includeTurns: true, later: 1 })).toEqual({
    type: 'parsed',
    params: { threadId: 't', includeTurns: true },
  });
});

test('null counts as absent wherever a field may be absent', () => {
  const params = {
    threadId: 't',
    input: [{ type: 'text', text: 'hi', text_elements: null }],
    clientUserMessageId: null,
    cwd: null,
    approvalPolicy: null,
    sandboxPolicy: null,
    model: null,
    effort: null,
    summary: null,
    outputSchema: null,
    collaborationMode: null,
  };
  expect(parseParams('turn/start', params).type).toBe('parsed');
  expect(
    parseParams('initialize', { clientInfo: { name: 'a', title: null, version: '1' }, capabilities: null })
      .type,
  ).toBe('parsed');
});

test('defaults are filled in', () => {
  const result = parseParams('turn/start', {
    threadId: 't',
    input: [{ type: 'text', text: 'hi' }],
    approvalPolicy: { granular: { sandbox_approval: true, rules: false, mcp_elicitations: true } },
    sandboxPolicy: { type: 'workspaceWrite', writableRoots: ['/a'] },
  });
  expect(result).toEqual({
    type: 'parsed',
    params: {
      threadId: 't',
      input: [{ type: 'text', text: 'hi', text_elements: [] }],
      approvalPolicy: {
        granular: {
          sandbox_approval: true,
          rules: false,
          skill_approval: false,
          request_permissions: false,
          mcp_elicitations: true,
        },
      },
      sandboxPolicy: {
        type: 'workspaceWrite',
        writableRoots: ['/a'],
        networkAccess: false,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      },
    },
  });
});

test('absent params count as none only where the method needs none', () => {
  expect(parseParams('configRequirements/read', undefined)).toEqual({ type: 'parsed', params: {} });
  expect(parseParams('configRequirements/read', null)).toEqual({ type: 'parsed', params: {} });
  expect(messageFor('thread/start', undefined)).toBe('Invalid request: missing field `params`');
  expect(messageFor('thread/read', null)).toBe('Invalid request: missing field `params`');
});

test.each<[ClientRequestMethod, unknown, string]>([
  ['thread/read', {}, 'missing field `threadId`'],
  ['turn/steer', { threadId: 't', input: [] }, 'missing field `expectedTurnId`'],
  ['initialize', {}, 'missing field `clientInfo`'],
  ['initialize', { clientInfo: { name: 'a' } }, 'missing field `version`'],
  ['initialize', { clientInfo: 'x' }, 'invalid type: string "x", expected struct ClientInfo'],
  ['thread/read', { threadId: 5 }, 'invalid type: integer `5`, expected a string'],
  ['thread/read', { threadId: null }, 'invalid type: null, expected a string'],
  ['thread/start', { ephemeral: 'x' }, 'invalid type: string "x", expected a boolean'],
  ['thread/start', { config: [] }, 'invalid type: sequence, expected a map'],
  ['turn/start', { threadId: 't', input: {} }, 'invalid type: map, expected a sequence'],
  ['thread/start', 'x', 'invalid type: string "x", expected struct ThreadStartParams'],
  ['thread/loaded/list', true, 'invalid type: boolean `true`, expected struct ThreadLoadedListParams'],
  ['thread/read', [], 'invalid length 0, expected struct ThreadReadParams with 2 elements'],
  ['thread/loaded/list', { limit: -1 }, 'invalid value: integer `-1`, expected u32'],
  ['thread/loaded/list', { limit: 1.5 }, 'invalid type: floating point `1.5`, expected u32'],
  [
    'thread/start',
    { approvalPolicy: 'bogus' },
    'unknown variant `bogus`, expected one of `untrusted`, `on-request`, `granular`, `never`',
  ],
  ['thread/start', { approvalPolicy: 5 }, 'invalid type: integer `5`, expected string or map'],
  ['thread/start', { approvalPolicy: { granular: {} } }, 'missing field `sandbox_approval`'],
  [
    'thread/start',
    { sandbox: 'x' },
    'unknown variant `x`, expected one of `read-only`, `workspace-write`, `danger-full-access`',
  ],
  ['turn/start', { threadId: 't', input: [{}] }, 'missing field `type`'],
  [
    'turn/start',
    { threadId: 't', input: [5] },
    'invalid type: integer `5`, expected internally tagged enum UserInput',
  ],
  [
    'turn/start',
    { threadId: 't', input: [], sandboxPolicy: { type: 'none' } },
    'unknown variant `none`, expected one of `dangerFullAccess`, `readOnly`, `externalSandbox`, `workspaceWrite`',
  ],
])('%s %j is refused in the words that clients know', (method, params, text) => {
  expect(messageFor(method, params)).toBe(`Invalid request: ${text}`);
});

test('of several faults the first in the params is named, and missing fields come last', () => {
  expect(messageFor('turn/start', { cwd: 5, input: 'x' })).toContain('integer `5`');
  expect(messageFor('turn/start', { input: 'x', cwd: 5 })).toContain('string "x"');
  expect(messageFor('turn/steer', { threadId: 't', input: [{ type: 'text' }] })).toContain('`text`');
});

test('an unknown method is answered with all that are known', () => {
  const text = describeUnknownMethod('no/such/method');
  expect(text).toMatch(
    /^Invalid request: unknown variant `no\/such\/method`, expected one of `initialize`, /,
  );
  expect(ALL_METHODS.filter((method) => !text.includes(`\`${method}\``))).toEqual([]);
});

test('a long wrong value is repeated only in part', () => {
  const long = 'x'.repeat(100_000);
  const limit = LIMITS.quotedChars + 200;
  expect(messageFor('thread/start', { ephemeral: long }).length).toBeLessThan(limit);
  expect(messageFor('thread/start', { sandbox: long }).length).toBeLessThan(limit);
  expect(messageFor('thread/start', { sandbox: { [long]: 1 } }).length).toBeLessThan(limit);
});

test('params with too many values are refused before any schema sees them', () => {
  const input = Array.from({ length: LIMITS.paramsValues }, () => 5);
  expect(messageFor('turn/start', { threadId: 't', input })).toBe(
    `Invalid request: params hold more than ${LIMITS.paramsValues} values`,
  );
  const cycle: Record<string, unknown> = { threadId: 't' };
  cycle.again = cycle;
  expect(parseParams('thread/read', cycle).type).toBe('invalid');
});

test('parsing answers for every method and any JSON value, without throwing (RQ-9)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), fc.jsonValue(), (method, params) => {
      const result = parseParams(method, params);
      expect(result.type === 'parsed' || result.message.startsWith('Invalid request: ')).toBe(true);
    }),
    { seed: 20_261_121 },
  );
});

test('params of the right shape with one wrong field are refused, with a text (RQ-9)', () => {
  const fields = ['input', 'cwd', 'approvalPolicy', 'sandboxPolicy', 'effort', 'collaborationMode'];
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 3 }), (field, value) => {
      const result = parseParams('turn/start', { threadId: 't', input: [], [field]: value });
      if (result.type === 'invalid') expect(result.message).toMatch(/^Invalid request: \S/);
      else expect(result.params.threadId).toBe('t');
    }),
    { seed: 20_261_121 },
  );
});
