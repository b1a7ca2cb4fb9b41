import { expect, test } from 'vitest';
import { isLegacyMethod, LEGACY_EVENTS, legacyDelivery, newLegacyEvent } from './legacy-event.js';
import { SERVER_NOTIFICATIONS } from './server-notifications.js';

const types = Object.keys(LEGACY_EVENTS);
const ofClass = (delivery: string) =>
  types.filter((type) => legacyDelivery(`codex/event/${type}`) === delivery).sort();

test('the ends and the questions of the first generation are reserved, as those of today are (EV-10)', () => {
  expect(ofClass('reserved')).toEqual([
    'apply_patch_approval_request',
    'dynamic_tool_call_request',
    'elicitation_request',
    'exec_approval_request',
    'request_permissions',
    'request_user_input',
    'shutdown_complete',
    'task_complete',
    'turn_aborted',
  ]);
});

test('progress of the first generation is dropped, joined and replaced as that of today is (EV-10)', () => {
  expect(ofClass('bestEffort')).toEqual(['exec_command_output_delta']);
  expect(ofClass('latest')).toEqual([
    'mcp_startup_update',
    'plan_update',
    'thread_name_updated',
    'token_count',
    'turn_diff',
  ]);
  expect(ofClass('lossless')).toContain('agent_message_delta');
});

test('every event of the first generation has a class, and nothing else has one there', () => {
  expect(types.filter((type) => legacyDelivery(`codex/event/${type}`) === undefined)).toEqual([]);
  const others = [
    'codex/event/',
    'codex/event/toString',
    'codex/event/mcp_list_tools_response',
    'task_complete',
  ];
  expect(others.map(legacyDelivery)).toEqual(others.map(() => undefined));
  expect(isLegacyMethod('codex/event/mcp_list_tools_response')).toBe(true);
  expect(Object.keys(SERVER_NOTIFICATIONS).filter(isLegacyMethod)).toEqual([]);
});

test('an event stands in its envelope with its turn and its thread', () => {
  expect(newLegacyEvent('thread', 'turn', { type: 'warning', message: 'careful' })).toEqual({
    method: 'codex/event/warning',
    params: { id: 'turn', msg: { type: 'warning', message: 'careful' }, conversationId: 'thread' },
  });
});
