import { expect, test } from 'vitest';
import { describeExperimentalUse } from './experimental-use.js';

test('an experimental method is named', () => {
  expect(describeExperimentalUse('mock/experimentalMethod', {})).toBe(
    'mock/experimentalMethod requires experimentalApi capability',
  );
});

test('an experimental field is named when it is given, even if this server does not know it', () => {
  expect(describeExperimentalUse('thread/start', { dynamicTools: [] })).toBe(
    'thread/start.dynamicTools requires experimentalApi capability',
  );
  expect(describeExperimentalUse('thread/start', { mockExperimentalField: 1 })).toBe(
    'thread/start.mockExperimentalField requires experimentalApi capability',
  );
  expect(describeExperimentalUse('thread/start', { dynamicTools: null, cwd: '/' })).toBeUndefined();
});

test('granular approval is experimental, plain words are not', () => {
  expect(describeExperimentalUse('thread/start', { approvalPolicy: { granular: {} } })).toBe(
    'askForApproval.granular requires experimentalApi capability',
  );
  expect(describeExperimentalUse('thread/start', { approvalPolicy: 'never' })).toBeUndefined();
});

test('plain requests and methods that nobody knows use nothing experimental', () => {
  expect(describeExperimentalUse('thread/read', { threadId: 't' })).toBeUndefined();
  expect(describeExperimentalUse('no/such/method', { dynamicTools: [] })).toBeUndefined();
  expect(describeExperimentalUse('configRequirements/read', undefined)).toBeUndefined();
});
