import { describe, expect, it } from 'vitest';
import { CallingModel, type ScriptedCall } from './calling-model.js';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

const inputSchema = { type: 'object', properties: { q: { type: 'string' } } };
const look = { type: 'function', name: 'look', description: 'Looks.', inputSchema } as const;
const DYNAMIC_TOOLS = [
  { ...look, name: 'one' },
  { type: 'namespace', name: 'desk', description: 'Desk.', tools: [look, { ...look, name: 'later' }] },
];
const ONE: ScriptedCall = { name: 'one', arguments: { q: 'a' } };
const EXPERIMENTAL = { capabilities: { experimentalApi: true } };

async function start(...calls: readonly ScriptedCall[]) {
  const model = new CallingModel(...calls);
  const runtime = await startTestRuntime({ model });
  const peer = await TestPeer.connect(runtime.server, EXPERIMENTAL);
  const threadId = await peer.startThread({ dynamicTools: DYNAMIC_TOOLS });
  return { ...runtime, model, peer, threadId };
}

/** Runs a turn in which each request of a tool call is answered with the next of these messages. */
async function runTurn(peer: TestPeer, threadId: string, ...answers: readonly unknown[]) {
  const turnId = await peer.startTurn(threadId, 'go');
  const seen: { readonly kind: string; readonly params: Readonly<Record<string, unknown>> }[] = [];
  const pending = [...answers];
  for (;;) {
    const entry = await peer.view.receive();
    if (entry === undefined) throw new Error('the view ended before the turn');
    const kind = kindOf(entry);
    seen.push({ kind, params: paramsOf(entry) });
    if (kind === 'item/tool/call' && 'id' in entry)
      peer.send({ id: entry.id, ...(pending.shift() as object) } as never);
    if (kind === 'turn/completed') return { turnId, seen };
  }
}

const result = (value: unknown) => ({ type: 'result', result: value });
const text = (value: string, success = true) =>
  result({ contentItems: [{ type: 'inputText', text: value }], success });

describe('tools that the client brings along', () => {
  it('are offered to the model, those of a namespace together', async () => {
    const { model, peer, threadId } = await start();
    await runTurn(peer, threadId);
    expect(model.tools.slice(-2)).toEqual(['one', 'desk(look later)']);
  });

  it('are called by a request to the client, without a status or a resolution that people would see', async () => {
    const { model, peer, threadId } = await start(ONE, { name: 'look', namespace: 'desk' });
    const { turnId, seen } = await runTurn(peer, threadId, text('first'), text('second'));
    expect(seen.filter(({ kind }) => kind === 'item/tool/call').map(({ params }) => params)).toEqual([
      { threadId, turnId, callId: 'call-1', namespace: null, tool: 'one', arguments: { q: 'a' } },
      { threadId, turnId, callId: 'call-2', namespace: 'desk', tool: 'look', arguments: {} },
    ]);
    expect(model.outputs).toEqual(['first', 'second']);
    const kinds = seen.map(({ kind }) => kind);
    expect(kinds).not.toContain('serverRequest/resolved');
    expect(kinds.filter((kind) => kind === 'thread/status/changed')).toHaveLength(2);
    expect(
      seen.find(({ params }) => JSON.stringify(params).includes('"success":true'))?.params,
    ).toMatchObject({
      item: { type: 'dynamicToolCall', id: 'call-1', namespace: null, tool: 'one', status: 'completed' },
    });
  });

  it.each([
    ['an answer of no success', text('sorry', false), 'sorry'],
    ['an error', { type: 'error', error: { code: -1, message: 'no' } }, 'dynamic tool request failed'],
    ['an answer that cannot be read', result({ bogus: 1 }), 'dynamic tool response was invalid'],
  ])('fail for the model after %s, and the turn goes on', async (_, answer, told) => {
    const { model, peer, threadId } = await start(ONE);
    const { seen } = await runTurn(peer, threadId, answer);
    expect(model.outputs).toEqual([told]);
    const items = seen.filter(({ kind }) => kind === 'item/completed').map(({ params }) => params.item);
    expect(items).toContainEqual(
      expect.objectContaining({
        type: 'dynamicToolCall',
        status: 'failed',
        success: false,
        contentItems: [{ type: 'inputText', text: told }],
      }),
    );
    expect(seen.at(-1)?.params).toMatchObject({ turn: { status: 'completed' } });
  });

  it('give the model images beside text', async () => {
    const { model, peer, threadId } = await start(ONE);
    const imageUrl = 'data:image/png;base64,AA==';
    const contentItems = [
      { type: 'inputText', text: 'see' },
      { type: 'inputImage', imageUrl },
    ];
    await runTurn(peer, threadId, result({ contentItems, success: true }));
    expect(model.outputs).toEqual([
      [
        { type: 'input_text', text: 'see' },
        { type: 'input_image', image_url: imageUrl, detail: 'high' },
      ],
    ]);
  });

  it('are not asked for a call that makes no sense', async () => {
    const { model, peer, threadId } = await start(
      { name: 'one', arguments: '{nope' },
      { name: 'nope', namespace: 'desk' },
      { name: 'look' },
    );
    const { seen } = await runTurn(peer, threadId);
    expect(seen.map(({ kind }) => kind)).not.toContain('item/tool/call');
    expect(model.outputs).toEqual([
      expect.stringContaining('failed to parse function arguments: '),
      'unsupported call: desknope',
      'unsupported call: look',
    ]);
  });

  it('end with their turn when it is interrupted', async () => {
    const { peer, threadId } = await start(ONE);
    const turnId = await peer.startTurn(threadId, 'go');
    await peer.readTo('item/tool/call');
    await peer.request('turn/interrupt', { threadId, turnId });
    const entries = await peer.readTo('turn/completed');
    const item = entries.map(paramsOf).find((params) => 'item' in params)?.item;
    expect(item).toMatchObject({
      type: 'dynamicToolCall',
      status: 'failed',
      contentItems: [],
      success: false,
    });
    expect(paramsOf(entries.at(-1))).toMatchObject({ turn: { status: 'interrupted' } });
  });

  it('stay with the thread when it is loaded again, and go to its forks', async () => {
    const { model, peer, threadId } = await start();
    await runTurn(peer, threadId);
    await peer.request('thread/archive', { threadId });
    await peer.request('thread/unarchive', { threadId });
    await peer.request('thread/resume', { threadId });
    const { thread } = await peer.request<{ thread: { id: string } }>('thread/fork', { threadId });
    for (const id of [threadId, thread.id]) {
      model.push({ name: 'look', namespace: 'desk' });
      await runTurn(peer, id, text(`for ${id}`));
      expect(model.outputs.at(-1)).toBe(`for ${id}`);
    }
  });
});
