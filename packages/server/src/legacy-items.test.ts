import {
  newAgentMessage,
  newCommandExecution,
  newContextCompaction,
  newFileChange,
  newImageView,
  newMcpToolCall,
  newPlan,
  newReasoning,
  newUserMessage,
  type ThreadItem,
} from '@millrace/protocol';
import { expect, test } from 'vitest';
import { legacyBegin, legacyEnd } from './legacy-items.js';

const start = { id: 'item', startedAtMs: 0 };
const command = newCommandExecution({
  ...start,
  command: `/bin/bash -c 'cat a.txt && ls' "it's"`,
  cwd: '/work',
  source: 'unifiedExecStartup',
  processId: '7',
  commandActions: [
    { type: 'read', command: 'cat a.txt', name: 'a.txt', path: 'a.txt' },
    { type: 'listFiles', command: 'ls', path: null },
  ],
});
const patch = newFileChange({
  ...start,
  changes: [
    { path: '/work/new', kind: { type: 'add' }, diff: 'text\n' },
    { path: '/work/gone', kind: { type: 'delete' }, diff: 'old\n' },
    { path: '/work/moved', kind: { type: 'update', move_path: '/work/there' }, diff: '@@ -1 +1 @@\n' },
  ],
});
const changes = {
  '/work/new': { type: 'add', content: 'text\n' },
  '/work/gone': { type: 'delete', content: 'old\n' },
  '/work/moved': { type: 'update', unified_diff: '@@ -1 +1 @@\n', move_path: '/work/there' },
};
const call = newMcpToolCall({ ...start, server: 's', tool: 't', arguments: { a: 1 }, readOnlyHint: null });
const search: ThreadItem = {
  type: 'webSearch',
  id: 'item',
  query: 'q',
  action: null,
  startedAtMs: 0,
  completedAtMs: null,
};

test('a command begins and ends with its arguments, its actions and its output', () => {
  const fields = {
    call_id: 'item',
    process_id: '7',
    turn_id: 'turn',
    command: ['/bin/bash', '-c', 'cat a.txt && ls', "it's"],
    cwd: '/work',
    parsed_cmd: [
      { type: 'read', cmd: 'cat a.txt', name: 'a.txt', path: 'a.txt' },
      { type: 'list_files', cmd: 'ls', path: null },
    ],
    source: 'unified_exec_startup',
  };
  expect(legacyBegin(command, 'turn')).toEqual({ type: 'exec_command_begin', ...fields });
  const ended = {
    ...command,
    status: 'failed',
    aggregatedOutput: 'out',
    exitCode: 3,
    durationMs: 2_005,
  } as const;
  expect(legacyEnd(ended, 'turn')).toEqual([
    {
      type: 'exec_command_end',
      ...fields,
      stdout: 'out',
      stderr: '',
      aggregated_output: 'out',
      exit_code: 3,
      duration: { secs: 2, nanos: 5_000_000 },
      formatted_output: 'out',
      status: 'failed',
    },
  ]);
});

test('a command that was declined ends with -1 and without a process', () => {
  const declined = { ...command, processId: null, source: 'agent', status: 'declined' } as const;
  const [end] = legacyEnd(declined, 'turn');
  expect(end).toMatchObject({ exit_code: -1, status: 'declined', source: 'agent', stdout: '' });
  expect(end).not.toHaveProperty('process_id');
});

test('a command line that cannot be taken apart is one argument', () => {
  const odd = { ...command, command: 'echo "$HOME' };
  expect(legacyBegin(odd, 'turn')).toMatchObject({ command: ['echo "$HOME'] });
});

test('a patch begins and ends with its files by path', () => {
  expect(legacyBegin(patch, 'turn')).toEqual({
    type: 'patch_apply_begin',
    call_id: 'item',
    turn_id: 'turn',
    auto_approved: false,
    changes,
  });
  const end = { type: 'patch_apply_end', call_id: 'item', turn_id: 'turn', stdout: '', stderr: '', changes };
  expect(legacyEnd({ ...patch, status: 'completed' }, 'turn')).toEqual([
    { ...end, success: true, status: 'completed' },
  ]);
  expect(legacyEnd({ ...patch, status: 'declined' }, 'turn')).toEqual([
    { ...end, success: false, status: 'declined' },
  ]);
});

test('a tool call ends with its result or its error', () => {
  const invocation = { server: 's', tool: 't', arguments: { a: 1 } };
  const end = { type: 'mcp_tool_call_end', call_id: 'item', invocation, duration: { secs: 0, nanos: 0 } };
  expect(legacyBegin(call, 'turn')).toEqual({ type: 'mcp_tool_call_begin', call_id: 'item', invocation });
  const result = { content: [{ type: 'text', text: 'yes' }] };
  expect(legacyEnd({ ...call, result }, 'turn')).toEqual([{ ...end, result: { Ok: result } }]);
  expect(legacyEnd({ ...call, error: { message: 'no' } }, 'turn')).toEqual([
    { ...end, result: { Err: 'no' } },
  ]);
});

test.each<readonly [string, ThreadItem, readonly object[]]>([
  [
    'a user message',
    newUserMessage({
      ...start,
      content: [
        { type: 'text', text: 'look ', text_elements: [] },
        { type: 'image', url: 'data:x' },
        { type: 'localImage', path: '/a.png' },
        { type: 'text', text: 'here', text_elements: [] },
      ],
    }),
    [{ type: 'user_message', message: 'look here', images: ['data:x'], local_images: ['/a.png'] }],
  ],
  [
    'an agent message',
    newAgentMessage({ ...start, text: 'done', phase: 'final_answer' }),
    [{ type: 'agent_message', message: 'done', phase: 'final_answer' }],
  ],
  [
    'reasoning, part by part',
    newReasoning({ ...start, summary: ['a', 'b'], content: ['raw'] }),
    [
      { type: 'agent_reasoning', text: 'a' },
      { type: 'agent_reasoning', text: 'b' },
      { type: 'agent_reasoning_raw_content', text: 'raw' },
    ],
  ],
  ['a web search', search, [{ type: 'web_search_end', call_id: 'item', query: 'q', action: null }]],
  [
    'a look at an image',
    newImageView({ ...start, path: '/a.png' }),
    [{ type: 'view_image_tool_call', call_id: 'item', path: '/a.png' }],
  ],
  ['a compaction', newContextCompaction(start), [{ type: 'context_compacted' }]],
  ['a plan', newPlan({ ...start, text: 'p' }), []],
])('%s is told when it is final', (_what, item, messages) => {
  expect(legacyEnd(item, 'turn')).toEqual(messages);
});

test('what had no beginning in the first generation has none', () => {
  expect(legacyBegin(newAgentMessage(start), 'turn')).toBeUndefined();
  expect(legacyBegin(search, 'turn')).toEqual({ type: 'web_search_begin', call_id: 'item' });
});
