import { ModelError, type ModelEvent } from '@millrace/core/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseEventReader } from './response-events.js';
import { toWireItem } from './response-item-reader.js';

const read = (...events: readonly unknown[]): readonly ModelEvent[] => {
  const reader = new ResponseEventReader((text) => text);
  return events.flatMap((event) => {
    const outcome = reader.read(typeof event === 'string' ? event : JSON.stringify(event));
    if (outcome instanceof ModelError) throw outcome;
    return outcome;
  });
};

const added = (item: unknown) => ({ type: 'response.output_item.added', output_index: 0, item });
const done = (item: unknown) => ({ type: 'response.output_item.done', output_index: 0, item });

describe('ResponseEventReader', () => {
  it('reads reasoning with its summary and its raw text', () => {
    const at = { item_id: 'rs_1', output_index: 0 };
    const item = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'S' }],
      content: [{ type: 'reasoning_text', text: 'R' }],
      encrypted_content: 'ENC',
    };
    expect(
      read(
        added({ type: 'reasoning', id: 'rs_1', summary: [] }),
        { type: 'response.reasoning_summary_part.added', ...at, summary_index: 0 },
        { type: 'response.reasoning_summary_text.delta', ...at, summary_index: 0, delta: 'S' },
        { type: 'response.reasoning_text.delta', ...at, content_index: 0, delta: 'R' },
        done(item),
      ),
    ).toEqual([
      { type: 'itemStarted', item: { type: 'reasoning', id: 'rs_1', summary: [] } },
      { type: 'reasoningSummaryPartAdded', itemId: 'rs_1', summaryIndex: 0 },
      { type: 'reasoningSummaryTextDelta', itemId: 'rs_1', summaryIndex: 0, delta: 'S' },
      { type: 'reasoningTextDelta', itemId: 'rs_1', contentIndex: 0, delta: 'R' },
      { type: 'itemCompleted', item },
    ]);
  });

  it('reads calls of both kinds with the deltas of their input, and keeps fields that it does not know', () => {
    const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'exec_command', extra: 1 };
    const custom = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c2', name: 'apply_patch' };
    expect(
      read(
        added({ ...call, arguments: '' }),
        { type: 'response.function_call_arguments.delta', item_id: 'fc_1', delta: '{}' },
        done({ ...call, arguments: '{}' }),
        added({ ...custom, input: '' }),
        { type: 'response.custom_tool_call_input.delta', item_id: 'ctc_1', delta: 'x' },
        done({ ...custom, input: 'x' }),
      ),
    ).toEqual([
      { type: 'itemStarted', item: { ...call, arguments: '' } },
      { type: 'toolInputDelta', itemId: 'fc_1', delta: '{}' },
      { type: 'itemCompleted', item: { ...call, arguments: '{}' } },
      { type: 'itemStarted', item: { ...custom, input: '' } },
      { type: 'toolInputDelta', itemId: 'ctc_1', delta: 'x' },
      { type: 'itemCompleted', item: { ...custom, input: 'x' } },
    ]);
  });

  it('starts an item that the server only ends, or only sends deltas of', () => {
    const message = { type: 'message', role: 'assistant', id: 'm', content: [] };
    expect(read({ type: 'response.output_text.delta', item_id: 'm', delta: 'a' })).toEqual([
      { type: 'itemStarted', item: message },
      { type: 'textDelta', itemId: 'm', delta: 'a' },
    ]);
    expect(read(done({ ...message, content: [{ type: 'output_text', text: 'a' }] }))).toEqual([
      { type: 'itemStarted', item: message },
      { type: 'itemCompleted', item: { ...message, content: [{ type: 'output_text', text: 'a' }] } },
    ]);
  });

  it('gives one id to an item without one, from its start to its end', () => {
    const events = read(
      { type: 'response.created', response: { id: 'resp_7' } },
      added({ type: 'message', content: [] }),
      { type: 'response.output_text.delta', delta: 'a' },
      done({ type: 'message', content: [{ type: 'output_text', text: 'a' }] }),
    );
    const ids = events.map((event) =>
      'itemId' in event ? event.itemId : 'item' in event ? event.item.id : undefined,
    );
    expect(ids).toEqual(['item_resp_7_0', 'item_resp_7_0', 'item_resp_7_0']);
  });

  it('takes a delta that names no item for the item that is open', () => {
    expect(
      read(added({ type: 'message', id: 'm' }), { type: 'response.output_text.delta', delta: 'a' })[1],
    ).toEqual({
      type: 'textDelta',
      itemId: 'm',
      delta: 'a',
    });
  });

  it('takes a delta after the end of an item for a new item', () => {
    const events = read(done({ type: 'message', id: 'm' }), {
      type: 'response.output_text.delta',
      delta: 'a',
    });
    expect(events.map((event) => event.type)).toEqual([
      'itemStarted',
      'itemCompleted',
      'itemStarted',
      'textDelta',
    ]);
    expect(events.at(-1)).toMatchObject({ itemId: 'item_response_0' });
  });

  it('reads a refusal as what the model says', () => {
    const events = read(done({ type: 'message', id: 'm', content: [{ type: 'refusal', refusal: 'No.' }] }));
    expect(events[1]).toMatchObject({ item: { content: [{ type: 'output_text', text: 'No.' }] } });
  });

  it('keeps an item of an unknown kind so that it can be sent back as it came', () => {
    const original = { type: 'mcp_list_tools', id: 'x1', tools: [1] };
    const item = { type: 'unknown', id: 'x1', original } as const;
    expect(read(done(original))).toEqual([
      { type: 'itemStarted', item },
      { type: 'itemCompleted', item },
    ]);
    expect(toWireItem(item)).toEqual(original);
    expect(toWireItem({ type: 'unknown' })).toBeUndefined();
  });

  it('reads the usage, also one with parts missing, and none', () => {
    const usage = {
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 2,
      total_tokens: 11,
    };
    expect(read({ type: 'response.completed', response: { id: 'r', usage } })).toEqual([
      {
        type: 'completed',
        responseId: 'r',
        usage: {
          totalTokens: 11,
          inputTokens: 9,
          cachedInputTokens: 4,
          cacheWriteInputTokens: 0,
          outputTokens: 2,
          reasoningOutputTokens: 0,
        },
      },
    ]);
    expect(read({ type: 'response.completed' })).toEqual([
      { type: 'completed', responseId: 'response', usage: null },
    ]);
  });

  it('skips what is not JSON, unknown, or lacks what it needs', () => {
    const unusable = [
      '{not json',
      '[]',
      'null',
      '[DONE]',
      { type: 'response.unknown_event', delta: 'x' },
      { type: 'response.output_text.delta', item_id: 'm0', delta: 5 },
      { type: 'response.output_item.added' },
      { type: 'response.reasoning_text.delta', item_id: 'never-started', delta: 'x' },
      { delta: 'x' },
    ];
    expect(read(...unusable).filter((event) => event.type !== 'itemStarted')).toEqual([]);
  });

  it('never throws anything of its own, whatever a server sends', () => {
    const types = [
      'response.created',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_text.delta',
      'response.completed',
      'response.failed',
      'response.incomplete',
      'error',
    ];
    const item = fc.record(
      {
        type: fc.constantFrom('message', 'reasoning', 'function_call', 'compaction', 'x'),
        id: fc.jsonValue(),
        content: fc.jsonValue(),
        summary: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    const event = fc.record(
      {
        type: fc.constantFrom(...types),
        item: fc.oneof(item, fc.jsonValue()),
        response: fc.jsonValue(),
        delta: fc.jsonValue(),
        error: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const reader = new ResponseEventReader((text) => text);
        const outcomes = events.map((each) => reader.read(JSON.stringify(each)));
        expect(outcomes.every((outcome) => Array.isArray(outcome) || outcome instanceof ModelError)).toBe(
          true,
        );
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });
});
