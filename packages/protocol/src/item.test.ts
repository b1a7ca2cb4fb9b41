import { expect, test } from 'vitest';
import { newAgentMessage } from './agent-message.js';
import { newCommandExecution } from './command-execution.js';
import { newFileChange } from './file-change.js';
import { newImageView, newPlan, ThreadItem } from './item.js';
import { newReasoning } from './reasoning.js';
import { newUserMessage } from './user-message.js';

const start = { id: 'i', startedAtMs: 1 };
const items: readonly ThreadItem[] = [
  newUserMessage({ ...start, content: [{ type: 'text', text: 'hi', text_elements: [] }] }),
  newAgentMessage(start),
  newReasoning(start),
  newPlan(start),
  newCommandExecution({
    ...start,
    command: '/bin/bash -c ls',
    cwd: '/w',
    source: 'agent',
    commandActions: [{ type: 'listFiles', command: 'ls', path: null }],
  }),
  newFileChange({
    ...start,
    changes: [{ path: '/w/a', kind: { type: 'update', move_path: null }, diff: '@@' }],
  }),
  newImageView({ ...start, path: '/w/a.png' }),
];

test.each(
  items.map((item) => [item.type, item] as const),
)('a new %s has every field of its schema in the order in which it is sent', (_type, item) => {
  expect(JSON.stringify(ThreadItem.parse(item))).toBe(JSON.stringify(item));
  expect(item.completedAtMs).toBeNull();
});

test('an agent message is sent with its fields in the order of the reference', () => {
  expect(Object.keys(newAgentMessage(start))).toEqual([
    'type',
    'moderation',
    'id',
    'text',
    'phase',
    'memoryCitation',
    'delivery',
    'questions',
    'startedAtMs',
    'completedAtMs',
  ]);
});

test('an item of an unknown type does not pass', () => {
  expect(ThreadItem.safeParse({ type: 'later', id: 'i' }).success).toBe(false);
});
