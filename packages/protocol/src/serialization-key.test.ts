import { expect, test } from 'vitest';
import { workQueueOf } from './serialization-key.js';

test('requests of one thread share a queue, whichever connection sent them', () => {
  const queue = { name: 'thread:t', shared: false };
  expect(workQueueOf({ type: 'thread' }, { threadId: 't' }, 1)).toEqual(queue);
  expect(workQueueOf({ type: 'thread' }, { threadId: 't' }, 2)).toEqual(queue);
});

test('a resume by path waits for that path, else for its thread', () => {
  const key = { type: 'threadOrPath' } as const;
  expect(workQueueOf(key, { threadId: 't', path: '/p' }, 1).name).toBe('path:/p');
  expect(workQueueOf(key, { threadId: 't', path: null }, 1).name).toBe('thread:t');
});

test('readers of the configuration run together', () => {
  const key = { type: 'global', name: 'config' } as const;
  expect(workQueueOf({ ...key, shared: true }, {}, 1)).toEqual({ name: 'global:config', shared: true });
  expect(workQueueOf(key, {}, 1)).toEqual({ name: 'global:config', shared: false });
});

test('processes of different connections do not wait for each other', () => {
  const key = { type: 'connection', name: 'process', field: 'processId' } as const;
  expect(workQueueOf(key, { processId: 'p' }, 1).name).toBe('process:1/p');
  expect(workQueueOf(key, { processId: 'p' }, 2).name).toBe('process:2/p');
});
