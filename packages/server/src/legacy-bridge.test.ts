import {
  LEGACY_EVENTS,
  type NotificationMethod,
  type NotificationParams,
  newAgentMessage,
  newTurn,
  newTurnError,
  type ServerRequestMethod,
  type ServerRequestParams,
} from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { LegacyBridge, type ToldEvent } from './legacy-bridge.js';
import type { NotificationEvent, RequestEvent, ServerEvent } from './server-event.js';

const of = { threadId: 'thread', turnId: 'turn', itemId: 'item' };
const bridge = (...optOut: readonly string[]) => new LegacyBridge(new Set(optOut), () => undefined);

function notification<M extends NotificationMethod>(
  method: M,
  params: NotificationParams<M>,
): NotificationEvent<M> {
  return { type: 'notification', method, params, emittedAtMs: 1, threadId: 'thread', sequence: 1 };
}

function request<M extends ServerRequestMethod>(method: M, params: ServerRequestParams<M>): RequestEvent<M> {
  return { type: 'request', id: 5, method, params, threadId: 'thread' };
}

function turn(status: 'inProgress' | 'completed' | 'interrupted' | 'failed', said?: string) {
  const items = said === undefined ? [] : [newAgentMessage({ id: 'm', startedAtMs: 0, text: said })];
  return { threadId: 'thread', turn: newTurn({ id: 'turn', status, items }) };
}

/** The messages that an event is told as in the old words. */
function old(event: ServerEvent, by: LegacyBridge = bridge()): readonly unknown[] {
  return by.expand(event).flatMap((told) => (told.type === 'legacy' ? [told.params.msg] : []));
}

function kinds(told: readonly ToldEvent[]): readonly string[] {
  return told.map((event) => ('method' in event ? event.method : event.type));
}

const usage = {
  totalTokens: 6,
  inputTokens: 1,
  cachedInputTokens: 2,
  cacheWriteInputTokens: 0,
  outputTokens: 3,
  reasoningOutputTokens: 4,
};
const spelled = {
  total_tokens: 6,
  input_tokens: 1,
  cached_input_tokens: 2,
  cache_write_input_tokens: 0,
  output_tokens: 3,
  reasoning_output_tokens: 4,
};
const failure = newTurnError({
  message: 'no',
  codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 503 } },
  additionalDetails: 'more',
});
const errorFields = {
  message: 'no',
  codex_error_info: { http_connection_failed: { http_status_code: 503 } },
};
const anApproval = {
  ...of,
  kind: 'command' as const,
  startedAtMs: 0,
  command: "/bin/sh -c 'touch a'",
  cwd: '/work',
  reason: 'because',
  proposedExecpolicyAmendment: ['touch', 'a'],
  commandActions: [{ type: 'unknown' as const, command: 'touch a' }],
};

const NOTIFICATIONS: readonly (readonly [NotificationEvent, readonly object[]])[] = [
  [
    notification('turn/started', turn('inProgress')),
    [
      {
        type: 'task_started',
        turn_id: 'turn',
        model_context_window: null,
        collaboration_mode_kind: 'default',
      },
    ],
  ],
  [
    notification('turn/completed', turn('completed', 'bye')),
    [{ type: 'task_complete', turn_id: 'turn', last_agent_message: 'bye' }],
  ],
  [
    notification('turn/completed', turn('failed')),
    [{ type: 'task_complete', turn_id: 'turn', last_agent_message: null }],
  ],
  [
    notification('turn/completed', turn('interrupted')),
    [{ type: 'turn_aborted', turn_id: 'turn', reason: 'interrupted' }],
  ],
  [
    notification('item/agentMessage/delta', { ...of, delta: 'a' }),
    [{ type: 'agent_message_delta', delta: 'a' }],
  ],
  [
    notification('item/reasoning/summaryTextDelta', { ...of, delta: 'a', summaryIndex: 1 }),
    [{ type: 'agent_reasoning_delta', delta: 'a' }],
  ],
  [
    notification('item/reasoning/summaryPartAdded', { ...of, summaryIndex: 1 }),
    [{ type: 'agent_reasoning_section_break', item_id: 'item', summary_index: 1 }],
  ],
  [
    notification('item/reasoning/textDelta', { ...of, delta: 'a', contentIndex: 0 }),
    [{ type: 'agent_reasoning_raw_content_delta', delta: 'a' }],
  ],
  [
    notification('item/plan/delta', { ...of, delta: 'a' }),
    [{ type: 'plan_delta', thread_id: 'thread', turn_id: 'turn', item_id: 'item', delta: 'a' }],
  ],
  [
    notification('turn/plan/updated', {
      threadId: 'thread',
      turnId: 'turn',
      explanation: null,
      plan: [{ step: 'Look at A', status: 'inProgress' }],
    }),
    [{ type: 'plan_update', explanation: null, plan: [{ step: 'Look at A', status: 'in_progress' }] }],
  ],
  [
    notification('item/commandExecution/outputDelta', { ...of, delta: 'é\n' }),
    [{ type: 'exec_command_output_delta', call_id: 'item', stream: 'stdout', chunk: 'w6kK' }],
  ],
  [
    notification('item/commandExecution/terminalInteraction', { ...of, processId: '7', stdin: 'y\n' }),
    [{ type: 'terminal_interaction', call_id: 'item', process_id: '7', stdin: 'y\n' }],
  ],
  [
    notification('turn/diff/updated', { threadId: 'thread', turnId: 'turn', diff: '+a' }),
    [{ type: 'turn_diff', unified_diff: '+a' }],
  ],
  [
    notification('mcpServer/startupStatus/updated', {
      threadId: 'thread',
      name: 's',
      status: 'failed',
      error: 'no',
      failureReason: null,
    }),
    [{ type: 'mcp_startup_update', server: 's', status: { state: 'failed', error: 'no' } }],
  ],
  [
    notification('thread/tokenUsage/updated', {
      threadId: 'thread',
      turnId: 'turn',
      tokenUsage: { total: usage, last: usage, modelContextWindow: 9 },
    }),
    [
      {
        type: 'token_count',
        info: { total_token_usage: spelled, last_token_usage: spelled, model_context_window: 9 },
        rate_limits: null,
      },
    ],
  ],
  [
    notification('thread/name/updated', { threadId: 'thread', threadName: 'N' }),
    [{ type: 'thread_name_updated', thread_id: 'thread', thread_name: 'N' }],
  ],
  [
    notification('warning', { threadId: 'thread', message: 'careful' }),
    [{ type: 'warning', message: 'careful' }],
  ],
  [
    notification('error', { ...of, error: failure, willRetry: true }),
    [{ type: 'stream_error', ...errorFields, additional_details: 'more' }],
  ],
  [notification('error', { ...of, error: failure, willRetry: false }), [{ type: 'error', ...errorFields }]],
];

const REQUESTS: readonly (readonly [RequestEvent, object])[] = [
  [
    request('item/commandExecution/requestApproval', anApproval),
    {
      type: 'exec_approval_request',
      call_id: 'item',
      turn_id: 'turn',
      command: ['/bin/sh', '-c', 'touch a'],
      cwd: '/work',
      reason: 'because',
      proposed_execpolicy_amendment: ['touch', 'a'],
      parsed_cmd: [{ type: 'unknown', cmd: 'touch a' }],
    },
  ],
  [
    request('item/fileChange/requestApproval', { ...of, startedAtMs: 0, reason: null, grantRoot: '/other' }),
    {
      type: 'apply_patch_approval_request',
      call_id: 'item',
      turn_id: 'turn',
      changes: {},
      grant_root: '/other',
    },
  ],
  [
    request('item/permissions/requestApproval', {
      ...of,
      environmentId: null,
      startedAtMs: 0,
      cwd: '/work',
      reason: 'because',
      permissions: { network: { enabled: true } },
    }),
    {
      type: 'request_permissions',
      call_id: 'item',
      turn_id: 'turn',
      reason: 'because',
      permissions: { network: { enabled: true } },
    },
  ],
  [
    request('item/tool/requestUserInput', { ...of, questions: [], isBlocking: true, autoResolutionMs: null }),
    { type: 'request_user_input', call_id: 'item', turn_id: 'turn', questions: [] },
  ],
  [
    request('item/tool/call', {
      threadId: 'thread',
      turnId: 'turn',
      callId: 'call',
      namespace: null,
      tool: 't',
      arguments: {},
    }),
    { type: 'dynamic_tool_call_request', callId: 'call', turnId: 'turn', tool: 't', arguments: {} },
  ],
  [
    request('mcpServer/elicitation/request', {
      threadId: 'thread',
      turnId: 'turn',
      serverName: 's',
      _meta: null,
      message: 'Go on?',
      mode: 'url',
      url: 'https://example.org',
      elicitationId: 'e',
    }),
    { type: 'elicitation_request', server_name: 's', id: 5, message: 'Go on?' },
  ],
];

const OUTSIDE_TURNS = new Set<string>(['warning', 'thread/name/updated', 'mcpServer/startupStatus/updated']);

describe('the bridge to the first generation', () => {
  it.each(
    NOTIFICATIONS,
  )('tells $method in the old words, right before the event itself', (event, messages) => {
    expect(old(event)).toEqual(messages);
    expect(bridge().expand(event).at(-1)).toBe(event);
  });

  it.each(REQUESTS)('tells $method in the old words, right before the question itself', (event, message) => {
    expect(old(event)).toEqual([message]);
    expect(bridge().expand(event).at(-1)).toBe(event);
  });

  it('names the turn and the thread of every event, and only sources that the table names (EV-10)', () => {
    for (const [event] of [...NOTIFICATIONS, ...REQUESTS]) {
      for (const told of bridge().expand(event)) {
        if (told.type !== 'legacy') continue;
        const { id, conversationId, msg } = told.params;
        expect([conversationId, told.method]).toEqual(['thread', `codex/event/${msg.type}`]);
        expect(id).toBe(OUTSIDE_TURNS.has(event.method) ? '' : 'turn');
        expect(LEGACY_EVENTS[msg.type]).toBe(event.method);
      }
    }
  });

  it('shows the files of a patch that is asked about', () => {
    const patches = new LegacyBridge(new Set(), (threadId, itemId) =>
      threadId === 'thread' && itemId === 'item'
        ? [{ path: '/a', kind: { type: 'add' }, diff: 'x' }]
        : undefined,
    );
    const asked = request('item/fileChange/requestApproval', {
      ...of,
      startedAtMs: 0,
      reason: null,
      grantRoot: null,
    });
    expect(old(asked, patches)).toMatchObject([{ changes: { '/a': { type: 'add', content: 'x' } } }]);
  });

  it('leaves out what the connection does not want, old or new', () => {
    const end = notification('turn/completed', turn('completed'));
    expect(kinds(bridge().expand(end))).toEqual(['codex/event/task_complete', 'turn/completed']);
    expect(kinds(bridge('turn/completed').expand(end))).toEqual(['codex/event/task_complete']);
    expect(kinds(bridge('codex/event/task_complete').expand(end))).toEqual(['turn/completed']);
  });

  it('needs only those events of which an old form is wanted', () => {
    expect([bridge().reads('turn/completed'), bridge().reads('thread/started')]).toEqual([true, false]);
    const [aborted, complete] = ['codex/event/turn_aborted', 'codex/event/task_complete'];
    expect(bridge(aborted).reads('turn/completed')).toBe(true);
    expect(bridge(aborted, complete).reads('turn/completed')).toBe(false);
  });

  it('says nothing of what concerns no conversation, and passes it on', () => {
    const warning = { ...notification('warning', { threadId: null, message: 'x' }), threadId: undefined };
    expect(bridge().expand(warning)).toEqual([warning]);
    const reply = { type: 'reply', text: '{}', threadId: undefined } as const;
    expect(bridge().expand(reply)).toEqual([reply]);
  });

  it('says farewell for each thread', () => {
    const told = bridge().expand({ type: 'farewell', threadIds: ['a', 'b'], threadId: undefined });
    expect(told).toEqual(
      ['a', 'b'].map((conversationId) => ({
        type: 'legacy',
        method: 'codex/event/shutdown_complete',
        params: { id: '', msg: { type: 'shutdown_complete' }, conversationId },
      })),
    );
  });
});
