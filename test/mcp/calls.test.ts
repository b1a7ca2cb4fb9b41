import { LIMITS } from '@millrace/protocol';
import { groupEnd, groupMembers, isRunning } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { McpSession, PROBE, text, WALL_TIME } from './mcp-session.js';

describe('the tools of an MCP server', () => {
  it('are offered by namespace with plain names, without those that the configuration leaves out', async () => {
    const session = await McpSession.start({
      'two-part.name': { ...PROBE, enabled_tools: ['add.up', 'echo', 'fail'], disabled_tools: ['fail'] },
    });
    const threadId = await session.begin();
    await session.call(threadId, { name: 'add_up', namespace: 'mcp__two_part_name' });
    expect(session.model.tools).toContain('mcp__two_part_name(add_up echo)');
    const { told } = await session.call(threadId, { name: 'fail', namespace: 'mcp__two_part_name' });
    expect(told).toBe('unsupported call: mcp__two_part_namefail');
  });

  it('give text, structured content, images and failures to the model, and whole results to clients', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    const echo = await session.call(threadId, {
      name: 'echo',
      namespace: 'mcp__probe',
      arguments: { text: 'hi' },
    });
    expect(echo.told).toEqual([WALL_TIME, text('echo hi')]);
    expect(echo.item).toMatchObject({
      server: 'probe',
      tool: 'echo',
      status: 'completed',
      arguments: { text: 'hi' },
      readOnlyHint: true,
      result: { content: [{ type: 'text', text: 'echo hi' }], structuredContent: null, _meta: null },
      error: null,
    });
    const sum = await session.call(threadId, 'add_up');
    expect(sum.told).toMatch(/\nOutput:\n\{"sum":3\}$/);
    expect(sum.item).toMatchObject({
      tool: 'add.up',
      result: { structuredContent: { sum: 3 }, _meta: { unit: 'none' } },
    });
    const image = await session.call(threadId, 'image');
    const shown = { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'original' };
    expect(image.told).toEqual([WALL_TIME, shown]);
    const failed = await session.call(threadId, 'fail');
    expect(failed.told).toEqual([WALL_TIME, text('it failed')]);
    expect(failed.item).toMatchObject({ status: 'failed', error: null });
    const refused = await session.call(threadId, 'refuse');
    expect(refused.item).toMatchObject({ status: 'failed', result: null });
    expect(JSON.stringify(refused.told)).toContain('tool call failed for `probe/refuse`');
    expect(JSON.stringify(refused.told)).toContain('bad things');
    const nonsense = await session.call(threadId, {
      name: 'echo',
      namespace: 'mcp__probe',
      arguments: '{no',
    });
    expect(nonsense.item).toBeUndefined();
    expect(nonsense.told).toEqual([WALL_TIME, text(expect.stringMatching(/^err: /))]);
    const progress = await session.call(threadId, 'progress');
    const said = progress.seen.find(({ kind }) => kind === 'item/mcpToolCall/progress');
    expect(said?.params).toMatchObject({ threadId, itemId: progress.item?.id, message: 'half way' });
  });

  it('are told to stop when the turn is interrupted, and their items are completed before its end', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    session.model.push({ name: 'slow', namespace: 'mcp__probe' });
    const turnId = await session.peer.startTurn(threadId, 'go');
    await session.readTo('item/mcpToolCall/progress');
    const interrupted = session.peer.request('turn/interrupt', { threadId, turnId });
    const { item, seen } = await session.readTurn();
    await interrupted;
    expect(item).toMatchObject({ status: 'failed', error: { message: 'the turn was interrupted' } });
    expect(seen.at(-1)?.params).toMatchObject({ turn: { status: 'interrupted' } });
    const { told } = await session.call(threadId, 'cancelled');
    expect(told).toEqual([WALL_TIME, text('1')]);
  });

  it('that take too long are given up, and the server goes on', async () => {
    const session = await McpSession.start({ probe: { ...PROBE, tool_timeout_sec: 0.3 } });
    const threadId = await session.begin();
    const { told, item } = await session.call(threadId, 'slow');
    expect(item).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(told)).toContain('timed out awaiting tools/call after 0.3s');
    expect((await session.call(threadId, 'cancelled')).told).toEqual([WALL_TIME, text('1')]);
  });

  it('cannot say more than the limit of a message: the server is lost, the process lives (RQ-9)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    const { item } = await session.call(threadId, 'huge');
    expect(LIMITS.mcpMessageBytes).toBeLessThan(5 * 1_048_576);
    expect(item).toMatchObject({ status: 'failed', result: null });
    expect(session.states.at(-1)).toBe('probe failed');
    expect(await session.ask('model/list')).toHaveProperty('result');
  });
});

describe('an MCP server as a child process', () => {
  it('gets no secrets of this process but those that it is named', async () => {
    const own = { ...PROBE, env: { OWN: 'set', EMPTY: '' }, env_vars: ['PASSED_ON'] };
    const environment = { CANARY_TOKEN: 'canary', PASSED_ON: 'named' };
    const session = await McpSession.start({ probe: own }, environment);
    const { item } = await session.call(await session.begin(), 'environment');
    const shown = JSON.stringify(item);
    expect(shown).not.toContain('canary');
    expect(shown).toContain(String.raw`\"OWN\":\"set\"`);
    expect(shown).toContain(String.raw`\"EMPTY\":\"\"`);
    expect(shown).toContain('named');
  });

  it('ends with the server, and with it everything that it started (SD-5)', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const { item } = await session.call(await session.begin(), 'family');
    const { content } = item?.result as { readonly content: readonly [{ readonly text: string }] };
    const [probe, child] = JSON.parse(content[0].text) as readonly [number, number];
    expect(groupMembers(probe).length).toBeGreaterThanOrEqual(2);
    await session.server.finishShutdown();
    await groupEnd(probe);
    expect([isRunning(probe), isRunning(child)]).toEqual([false, false]);
  });

  it('ends with its thread', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    const { item } = await session.call(threadId, 'family');
    const { content } = item?.result as { readonly content: readonly [{ readonly text: string }] };
    const [probe] = JSON.parse(content[0].text) as readonly [number];
    await session.peer.request('thread/delete', { threadId });
    await groupEnd(probe);
    expect(isRunning(probe)).toBe(false);
  });
});
