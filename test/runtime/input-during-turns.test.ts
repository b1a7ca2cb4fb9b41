import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';

const say = (text: string): ResponsesReply => wire.response(wire.message([text]));

/** A reply that thinks, waits to be let go on, and then makes a call. */
function halting(): { readonly reply: ResponsesReply; readonly goOn: () => void } {
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const call = wire.functionCall('no_such_tool', {});
  return {
    reply: {
      events: [
        wire.created(),
        ...wire.reasoning('hm'),
        held,
        ...call,
        ...wire.message(['so']),
        wire.completed(),
      ],
    },
    goOn: () => goOn(),
  };
}

/** The kinds and texts of what the model was given with a request. */
function inputOf({ model }: ResponsesThread, request: number): string[] {
  const { input } = model.requests[request]?.body as {
    readonly input: readonly {
      readonly type: string;
      readonly content?: readonly { readonly text: string }[];
    }[];
  };
  return input.map(({ type, content }) => (type === 'message' ? (content?.[0]?.text ?? '') : type));
}

describe('what is said while a turn runs', () => {
  it('by thread/inject_items follows the whole response that the model is giving', async () => {
    const { reply, goOn } = halting();
    const thread = await startResponsesThread([reply, say('done'), say('again')]);
    const { peer, threadId } = thread;
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text: 'go' }] });
    await peer.readTo('item/reasoning/summaryTextDelta');
    await peer.readTo('item/completed');
    const items = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'injected' }] }];
    await peer.request('thread/inject_items', { threadId, items });
    goOn();
    await peer.readTo('turn/completed');
    const said = ['go', 'reasoning', 'function_call', 'so', 'function_call_output', 'injected'];
    expect(inputOf(thread, 1).slice(-said.length)).toEqual(said);
    await thread.turn('and');
    expect(inputOf(thread, 2).slice(-3)).toEqual(['injected', 'done', 'and']);
  });

  it('joins the turn only where it wants no other final message', async () => {
    const { reply, goOn } = halting();
    const thread = await startResponsesThread([reply, say('done')]);
    const { peer, threadId } = thread;
    const outputSchema = { type: 'object', properties: {}, additionalProperties: false, required: [] };
    const ask = (text: string, params: object) =>
      peer.ask('turn/start', { threadId, input: [{ type: 'text', text }], ...params });
    await ask('go', { outputSchema });
    await peer.readTo('item/reasoning/summaryTextDelta');
    const message = 'the turn that is running was started with another outputSchema';
    expect(await ask('other', { outputSchema: { type: 'string' } })).toMatchObject({
      error: { code: -32_600, message },
    });
    expect(await ask('same', { outputSchema })).toMatchObject({ result: { turn: { status: 'inProgress' } } });
    goOn();
    await peer.readTo('turn/completed');
    expect(inputOf(thread, 1)).toContain('same');
    expect(inputOf(thread, 1)).not.toContain('other');
    expect(thread.model.requests[1]?.body).toMatchObject({ text: { format: { schema: outputSchema } } });
  });
});
