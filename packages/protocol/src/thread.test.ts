import { expect, test } from 'vitest';
import { Model, newModel } from './model.js';
import { newThread, Thread } from './thread.js';
import { newTurn, Turn } from './turn.js';
import { newTurnError, TurnError } from './turn-error.js';

const fields = {
  id: 't',
  modelProvider: 'mock',
  model: 'mock-model',
  createdAt: 7,
  cwd: '/w',
  cliVersion: '0.1.0',
  originator: 'test',
};

test('a new thread has every field of its schema in the order in which it is sent', () => {
  const thread = newThread(fields);
  expect(JSON.stringify(Thread.parse(thread))).toBe(JSON.stringify(thread));
  expect(thread).toMatchObject({
    sessionId: 't',
    updatedAt: 7,
    recencyAt: 7,
    status: { type: 'idle' },
    environments: [{ environmentId: 'local', cwd: '/w', runtimeWorkspaceRoots: ['/w'] }],
    turns: [],
  });
});

test('given fields replace plain ones in their place', () => {
  const plain = newThread(fields);
  const thread = newThread({ ...fields, turns: [], ephemeral: true, recencyAt: null });
  expect(Object.keys(thread)).toEqual(Object.keys(plain));
  expect(thread).toEqual({ ...plain, ephemeral: true, recencyAt: null });
});

test('a new turn is its own root, in progress and without items', () => {
  const turn = newTurn({ id: 'u' });
  expect(JSON.stringify(Turn.parse(turn))).toBe(JSON.stringify(turn));
  expect(turn).toMatchObject({ rootTurnId: 'u', status: 'inProgress', items: [], itemsView: 'notLoaded' });
  expect(newTurn({ id: 'u', error: newTurnError({ message: 'no' }), status: 'failed' })).toMatchObject({
    status: 'failed',
    error: { message: 'no', codexErrorInfo: null },
  });
});

test('a new turn error has every field of its schema in the order in which it is sent', () => {
  const error = newTurnError({
    message: 'no',
    codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 401 } },
  });
  expect(JSON.stringify(TurnError.parse(error))).toBe(JSON.stringify(error));
});

test('a new model has every field of its schema in the order in which it is sent', () => {
  const model = newModel({ id: 'm', displayName: 'M', description: '', isDefault: true });
  expect(JSON.stringify(Model.parse(model))).toBe(JSON.stringify(model));
  expect(model).toMatchObject({ model: 'm', isDefault: true, hidden: false });
});
