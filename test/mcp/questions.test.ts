import { describe, expect, it } from 'vitest';
import { answer, CAREFUL, FULL, McpSession, PROBE, text, WALL_TIME } from './mcp-session.js';

describe('a call that does more than read', () => {
  it('is asked for, and runs only after a yes (AP-2)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin(CAREFUL);
    for (const [reply, told] of [
      [answer('accept'), 'written'],
      [answer('decline'), 'user rejected MCP tool call'],
      [answer('cancel'), 'user cancelled MCP tool call'],
      [{ type: 'error', error: { code: -1, message: 'no' } }, 'user rejected MCP tool call'],
      [{ type: 'result', result: { bogus: 1 } }, 'user rejected MCP tool call'],
    ] as const) {
      const outcome = await session.call(threadId, 'write', reply);
      expect(outcome.told).toEqual([WALL_TIME, text(told)]);
      expect(outcome.item).toMatchObject({ status: told === 'written' ? 'completed' : 'failed' });
      expect(outcome.questions).toEqual([
        expect.objectContaining({
          serverName: 'probe',
          mode: 'form',
          message: 'Allow the probe MCP server to run tool "write"?',
          requestedSchema: { type: 'object', properties: {} },
          _meta: expect.objectContaining({ codex_approval_kind: 'mcp_tool_call', tool_name: 'write' }),
        }),
      ]);
      const kinds = outcome.seen.map(({ kind }) => kind);
      expect(kinds.indexOf('serverRequest/resolved')).toBeLessThan(
        outcome.seen.findIndex(
          ({ kind, params }) => kind === 'item/completed' && params.item === outcome.item,
        ),
      );
    }
  });

  it('is asked for once where it was granted for the session, and only for that tool (AP-3)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin(CAREFUL);
    await session.call(threadId, 'write', answer('accept', { _meta: { persist: 'session' } }));
    expect((await session.call(threadId, 'write')).questions).toEqual([]);
    expect((await session.call(threadId, 'silent', answer('decline'))).questions).toHaveLength(1);
    expect((await session.call(threadId, 'echo')).questions).toEqual([]);
  });

  it('is refused where nobody may be asked, unless everything is allowed', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const refused = await session.call(
      await session.begin({ approvalPolicy: 'never', sandbox: 'workspace-write' }),
      'write',
    );
    const reason = 'MCP tool call requires approval, but approval policy is never';
    expect(refused.item).toMatchObject({ status: 'failed', error: { message: reason } });
    expect(refused.questions).toEqual([]);
    const allowed = await session.call(await session.begin(FULL), 'write');
    expect(allowed.item).toMatchObject({ status: 'completed' });
  });

  it('is asked for or not as the configuration says of the tool', async () => {
    const tools = { write: { approval_mode: 'approve' }, echo: { approval_mode: 'prompt' } };
    const session = await McpSession.start({ probe: { ...PROBE, tools } });
    const threadId = await session.begin(CAREFUL);
    expect((await session.call(threadId, 'write')).questions).toEqual([]);
    expect((await session.call(threadId, 'echo', answer('accept'))).questions).toHaveLength(1);
  });
});

describe('a question of an MCP server', () => {
  it('goes to the client, whose answer goes back; what is no answer is a no (AP-2)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin(CAREFUL);
    for (const [reply, heard] of [
      [answer('accept', { content: { name: 'Ada' } }), { action: 'accept', content: { name: 'Ada' } }],
      [answer('decline'), { action: 'decline' }],
      [answer('cancel'), { action: 'cancel' }],
      [{ type: 'error', error: { code: -1, message: 'no' } }, { action: 'decline' }],
      [{ type: 'result', result: { bogus: 1 } }, { action: 'decline' }],
    ] as const) {
      const { told, questions } = await session.call(threadId, 'ask', reply);
      expect(questions).toEqual([
        expect.objectContaining({
          threadId,
          serverName: 'probe',
          mode: 'form',
          message: 'Your name?',
          _meta: null,
        }),
      ]);
      expect(told).toEqual([WALL_TIME, text(JSON.stringify(heard))]);
    }
  });

  it('is declined without asking under the policy never', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const { told, questions } = await session.call(await session.begin(FULL), 'ask');
    expect(questions).toEqual([]);
    expect(told).toEqual([WALL_TIME, text('{"action":"decline"}')]);
  });

  it('is taken back when its turn ends, before anybody sees that it did (AP-5)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin(CAREFUL);
    session.model.push({ name: 'ask', namespace: 'mcp__probe' });
    const turnId = await session.peer.startTurn(threadId, 'go');
    await session.readTo('mcpServer/elicitation/request');
    const interrupted = session.peer.request('turn/interrupt', { threadId, turnId });
    const { seen } = await session.readTurn();
    await interrupted;
    expect(seen.map(({ kind }) => kind)).toContain('serverRequest/resolved');
    expect((await session.call(threadId, 'echo')).item).toMatchObject({ status: 'completed' });
  });
});
