import { expect, test } from 'vitest';
import { SERVER_REQUESTS } from './server-requests.js';

const { response: command } = SERVER_REQUESTS['item/commandExecution/requestApproval'];
const { response: fileChange } = SERVER_REQUESTS['item/fileChange/requestApproval'];
const { response: userInput } = SERVER_REQUESTS['item/tool/requestUserInput'];

test('every decision about a command is understood', () => {
  const decisions = [
    'accept',
    'acceptForSession',
    'decline',
    'cancel',
    { acceptWithExecpolicyAmendment: { execpolicy_amendment: ['touch'] } },
    { applyNetworkPolicyAmendment: { network_policy_amendment: { host: 'h', action: 'allow' } } },
  ];
  for (const decision of decisions) expect(command.parse({ decision })).toEqual({ decision });
});

test('nothing else counts as a decision (AP-2)', () => {
  const others = [
    'approved',
    'Accept',
    '',
    null,
    true,
    1,
    {},
    [],
    ['accept'],
    { accept: true },
    { accept: {} },
  ];
  for (const decision of others) {
    expect([decision, command.safeParse({ decision }).success]).toEqual([decision, false]);
    expect([decision, fileChange.safeParse({ decision }).success]).toEqual([decision, false]);
  }
  for (const answer of [undefined, null, 'accept', [], {}]) {
    expect([answer, command.safeParse(answer).success]).toEqual([answer, false]);
  }
});

test('answers of the user are lists by question', () => {
  const answer = { answers: { q1: { answers: ['yes'] } } };
  expect(userInput.parse(answer)).toEqual(answer);
  expect(userInput.safeParse({ answers: { q1: 'yes' } }).success).toBe(false);
});
