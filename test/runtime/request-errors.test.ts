import { describe, expect, it } from 'vitest';
import { type Reply, TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';
const text = (content: string) => [{ type: 'text', text: content }];

interface Case {
  readonly method: string;
  readonly params: unknown;
  readonly code: number;
  readonly message: string | RegExp;
}

const invalid = (method: string, params: unknown, message: string | RegExp): Case => ({
  method,
  params,
  code: -32_600,
  message,
});

const CASES: readonly Case[] = [
  invalid(
    'no/such/method',
    {},
    /^Invalid request: unknown variant `no\/such\/method`, expected one of `initialize`/,
  ),
  ...['newConversation', 'sendUserTurn', 'addConversationListener'].map((method) =>
    invalid(method, {}, new RegExp(`^Invalid request: unknown variant \`${method}\`, expected one of`)),
  ),
  invalid('thread/read', {}, 'Invalid request: missing field `threadId`'),
  invalid('thread/read', { threadId: 5 }, 'Invalid request: invalid type: integer `5`, expected a string'),
  invalid(
    'thread/start',
    { approvalPolicy: 'bogus' },
    /unknown variant `bogus`, expected one of `untrusted`, `on-request`/,
  ),
  invalid(
    'thread/start',
    { modelProvider: 'nope' },
    'failed to load configuration: Model provider `nope` not found',
  ),
  invalid(
    'thread/read',
    { threadId: 'nonsense' },
    /^invalid thread id: invalid character: .* found `n` at 1$/,
  ),
  invalid('thread/read', { threadId: UNKNOWN }, `thread not loaded: ${UNKNOWN}`),
  invalid('thread/resume', { threadId: 'nonsense' }, /^invalid session id: /),
  invalid('thread/resume', { threadId: UNKNOWN }, `no rollout found for thread id ${UNKNOWN}`),
  invalid('turn/start', { threadId: UNKNOWN, input: [] }, `thread not found: ${UNKNOWN}`),
  invalid('turn/interrupt', { threadId: UNKNOWN, turnId: '' }, `thread not found: ${UNKNOWN}`),
  invalid('model/list', { cursor: 'zzz' }, 'invalid cursor: zzz'),
  {
    method: 'marketplace/add',
    params: {},
    code: -32_601,
    message: 'marketplace/add is not supported by this server',
  },
];

async function errorOf(
  reply: Promise<Reply>,
): Promise<{ readonly code: number; readonly message: string; readonly data?: unknown }> {
  const settled = await reply;
  if ('error' in settled) return settled.error;
  throw new Error(`expected an error, got ${JSON.stringify(settled.result)}`);
}

describe('a refused request', () => {
  it.each(CASES)('$method with $params is told $code and why (RQ-8)', async ({
    method,
    params,
    code,
    message,
  }) => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const error = await errorOf(peer.ask(method, params));
    expect(error.code).toBe(code);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it('of a thread without a turn says what is missing (RQ-8)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    const steer = { threadId, input: text('hm'), expectedTurnId: 'x' };
    const message = async (method: string, params: unknown): Promise<string> =>
      (await errorOf(peer.ask(method, params))).message;
    expect(await message('turn/interrupt', { threadId, turnId: '' })).toBe('no active turn to interrupt');
    expect(await message('turn/steer', steer)).toBe('no active turn to steer');
    expect(await message('turn/steer', { ...steer, expectedTurnId: '' })).toBe(
      'expectedTurnId must not be empty',
    );
  });

  it('of a running turn says which one runs (RQ-8)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    const turnId = await peer.startTurn(threadId, 'sleep 1000');
    const message = async (method: string, params: unknown): Promise<string> =>
      (await errorOf(peer.ask(method, params))).message;
    expect(await message('turn/interrupt', { threadId, turnId: 'x' })).toBe(
      `expected active turn id x but found ${turnId}`,
    );
    const steer = { threadId, input: text('hm'), expectedTurnId: 'x' };
    expect(await message('turn/steer', steer)).toBe(`expected active turn id \`x\` but found \`${turnId}\``);
    expect(await message('turn/steer', { threadId, input: [], expectedTurnId: turnId })).toBe(
      'input must not be empty',
    );
  });

  it('for its size is told how large it may be (RQ-8)', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    const error = await errorOf(peer.ask('turn/start', { threadId, input: text('x'.repeat(1_048_577)) }));
    expect(error).toEqual({
      code: -32_602,
      message: 'Input exceeds the maximum length of 1048576 characters.',
      data: { input_error_code: 'input_too_large', max_chars: 1_048_576, actual_chars: 1_048_577 },
    });
  });

  it('for a fault of the server tells nothing of it: no text, no path, no secret (RQ-8)', async () => {
    const secret = 'sk-canary at /home/somebody/key';
    const ids = {
      uuid: (): string => {
        throw new Error(secret);
      },
      integer: (low: number): number => low,
    };
    const { server } = await startTestRuntime({ ids });
    const faults: unknown[] = [];
    server.diagnostics.on('fault', (fault) => faults.push(fault));
    const peer = await TestPeer.connect(server);
    expect(await errorOf(peer.ask('thread/start'))).toEqual({ code: -32_603, message: 'internal error' });
    expect(JSON.stringify(peer.replies)).not.toContain('canary');
    expect(faults).toHaveLength(1);
  });

  it('whose turn cannot be made is answered all the same, and so is the next one (RQ-1)', async () => {
    let isBroken = false;
    let count = 0;
    const ids = {
      uuid: (): string => {
        if (isBroken) throw new Error('no more ids');
        count += 1;
        return `01890000-0000-7000-8000-${String(count).padStart(12, '0')}`;
      },
      integer: (low: number): number => low,
    };
    const { server } = await startTestRuntime({ ids });
    const peer = await TestPeer.connect(server);
    const threadId = await peer.startThread();
    isBroken = true;
    expect(await errorOf(peer.ask('turn/start', { threadId, input: text('say no') }))).toMatchObject({
      code: -32_603,
    });
    isBroken = false;
    await peer.startTurn(threadId, 'say yes');
    await peer.readTo('turn/completed');
    expect(peer.view.stats.slotsTaken).toBe(0);
  });
});
