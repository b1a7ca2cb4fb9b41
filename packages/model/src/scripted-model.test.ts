import type { ModelClient, ModelEvent, ModelRequest, ResponseItem } from '@millrace/core/ports';
import { ModelError } from '@millrace/core/ports';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from './scripted-model.js';

const user = (...texts: readonly string[]): ResponseItem => ({
  type: 'message',
  role: 'user',
  content: texts.map((text) => ({ type: 'input_text', text })),
});
const CONTEXT = user('<environment_context>\n<cwd>/w</cwd>\n</environment_context>');

const request = (input: readonly ResponseItem[]): ModelRequest => ({
  threadId: 'thread',
  turnId: 'turn',
  model: 'scripted',
  input,
  tools: [],
  effort: null,
  summary: null,
  outputSchema: null,
});

async function respond(model: ModelClient, input: readonly ResponseItem[]): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const batch of model.stream(request(input), new AbortController().signal)) {
    expect(batch.length).toBeGreaterThan(0);
    events.push(...batch);
  }
  return events;
}

const itemsOf = (events: readonly ModelEvent[]): readonly ResponseItem[] =>
  events.flatMap((event) => (event.type === 'itemCompleted' ? [event.item] : []));
const textsOf = (items: readonly ResponseItem[]): readonly string[] =>
  items.flatMap((item) =>
    item.type === 'message' ? item.content.flatMap((part) => ('text' in part ? [part.text] : [])) : [],
  );

/** Runs a turn to its end: each tool call is answered with the next output. */
async function runTurn(model: ModelClient, history: readonly ResponseItem[], outputs: readonly string[]) {
  const input = [...history];
  const left = [...outputs];
  for (;;) {
    const items = itemsOf(await respond(model, input));
    input.push(...items);
    const call = items.at(-1);
    if (call?.type === 'function_call') {
      input.push({ type: 'function_call_output', call_id: call.call_id, output: left.shift() ?? '' });
    } else if (call?.type === 'custom_tool_call') {
      input.push({ type: 'custom_tool_call_output', call_id: call.call_id, output: left.shift() ?? '' });
    } else {
      return input.slice(history.length);
    }
  }
}

const exited = (code: number, output = ''): string =>
  `Chunk ID: x\nWall time: 0.0000 seconds\nProcess exited with code ${code}\nOutput:\n${output}`;
const PATCHED =
  'Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nA a.txt\n';

describe('scriptedModel', () => {
  it('streams a message word by word and estimates the usage', async () => {
    expect(await respond(scriptedModel(), [user('say Hello  world.')])).toEqual([
      { type: 'itemStarted', item: { type: 'message', role: 'assistant', id: 'msg_turn_1', content: [] } },
      { type: 'textDelta', itemId: 'msg_turn_1', delta: 'Hello  ' },
      { type: 'textDelta', itemId: 'msg_turn_1', delta: 'world.' },
      {
        type: 'itemCompleted',
        item: {
          type: 'message',
          role: 'assistant',
          id: 'msg_turn_1',
          content: [{ type: 'output_text', text: 'Hello  world.' }],
        },
      },
      {
        type: 'completed',
        responseId: 'resp_turn_1',
        usage: {
          totalTokens: 28,
          inputTokens: 24,
          cachedInputTokens: 0,
          cacheWriteInputTokens: 0,
          outputTokens: 4,
          reasoningOutputTokens: 0,
        },
      },
    ]);
  });

  it('shows a thought as a reasoning item with one summary part', async () => {
    const events = await respond(scriptedModel(), [user('think hm\nsay ok')]);
    expect(events.slice(0, 4)).toEqual([
      { type: 'itemStarted', item: { type: 'reasoning', id: 'rs_turn_1', summary: [] } },
      { type: 'reasoningSummaryPartAdded', itemId: 'rs_turn_1', summaryIndex: 0 },
      { type: 'reasoningSummaryTextDelta', itemId: 'rs_turn_1', summaryIndex: 0, delta: 'hm' },
      {
        type: 'itemCompleted',
        item: { type: 'reasoning', id: 'rs_turn_1', summary: [{ type: 'summary_text', text: 'hm' }] },
      },
    ]);
  });

  it('calls one tool a response, takes up where the history stands, and ends with what was done', async () => {
    const prompt = user('run ls\nsay Next.\nwrite a.txt one\\ntwo\nplan read; write\nask Which?');
    const items = await runTurn(
      scriptedModel(),
      [CONTEXT, prompt],
      [exited(0), PATCHED, 'Plan updated', '{}'],
    );
    expect(
      items.flatMap((item) =>
        item.type === 'function_call' ? [[item.name, JSON.parse(item.arguments)]] : [],
      ),
    ).toEqual([
      ['exec_command', { cmd: 'ls' }],
      [
        'update_plan',
        {
          plan: [
            { step: 'read', status: 'in_progress' },
            { step: 'write', status: 'pending' },
          ],
        },
      ],
      ['request_user_input', { questions: [expect.objectContaining({ question: 'Which?' })] }],
    ]);
    expect(items.flatMap((item) => (item.type === 'custom_tool_call' ? [item.input] : []))).toEqual([
      '*** Begin Patch\n*** Add File: a.txt\n+one\n+two\n*** End Patch\n',
    ]);
    expect(textsOf(items)).toEqual([
      'Next.',
      'Done: ran 1 command, changed 1 file, updated the plan, asked 1 question.',
    ]);
    const ids = items.flatMap((item) => ('id' in item && item.id !== undefined ? [item.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('streams the input of a patch in pieces that join to the whole', async () => {
    const events = await respond(scriptedModel(), [user('edit a.txt old => new')]);
    const input = events.flatMap((event) => (event.type === 'toolInputDelta' ? [event.delta] : [])).join('');
    expect(input).toBe('*** Begin Patch\n*** Update File: a.txt\n@@\n-old\n+new\n*** End Patch\n');
    expect(itemsOf(events)).toEqual([expect.objectContaining({ name: 'apply_patch', input })]);
  });

  it('asks to leave the sandbox with a reason', async () => {
    const [call] = itemsOf(await respond(scriptedModel(), [user('run! touch /x')]));
    expect(call?.type === 'function_call' && JSON.parse(call.arguments)).toEqual({
      cmd: 'touch /x',
      sandbox_permissions: 'require_escalated',
      justification: expect.stringMatching(/./),
    });
  });

  it('names in the last line what went wrong', async () => {
    const prompt = user('run a\nrun b\nrun c\nrun d\nwrite f x\nwrite g x');
    const items = await runTurn(
      scriptedModel(),
      [prompt],
      [
        exited(0, 'Process exited with code 9\nrejected by user\n'),
        exited(3),
        'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }',
        'exec_command failed: no such directory',
        'patch rejected by user',
        'apply_patch verification failed',
      ],
    );
    expect(textsOf(items)).toEqual([
      'Done, but not all of it worked: ran 2 commands (exit code 3), 1 command declined, 1 command failed, ' +
        '1 change declined, 1 change failed.',
    ]);
  });

  it('adds nothing after an answer that was asked for', async () => {
    expect(textsOf(await runTurn(scriptedModel(), [user('say a\nsay b')], []))).toEqual(['a', 'b']);
    expect(textsOf(await runTurn(scriptedModel(), [user('run a\nsay b')], [exited(0)]))).toEqual(['b']);
  });

  it('ends with an answer even when none was asked for', async () => {
    expect(textsOf(await runTurn(scriptedModel(), [user('think x')], []))).toEqual(['Done.']);
  });

  it('says what it is, what it can do and how to get a language model when it is given prose', async () => {
    const [text] = textsOf(await runTurn(scriptedModel(), [user('Please fix the bug.')], []));
    expect(text).toContain('not a language model');
    expect(text).toContain('run <command>');
    expect(text).toContain('[model_providers.<id>]');
  });

  it('answers a line that it cannot read, and goes on', async () => {
    expect(textsOf(await runTurn(scriptedModel(), [user('sleep x\nsay on')], []))).toEqual([
      'Line 1 should read "sleep <ms>" (wait so many milliseconds, at most 600000), but it is "sleep x".',
      'on',
    ]);
  });

  it('follows the latest words of the user, not the context of the program', async () => {
    const before = await runTurn(scriptedModel(), [CONTEXT, user('run a')], [exited(0)]);
    const history = [CONTEXT, user('run a'), ...before, user('say steered', 'say twice'), CONTEXT];
    expect(textsOf(await runTurn(scriptedModel(), history, []))).toEqual(['steered', 'twice']);
  });

  it('does not take the late answer to an older call for progress', async () => {
    const [call] = itemsOf(await respond(scriptedModel(), [user('run a')]));
    const history = [user('run a'), ...(call === undefined ? [] : [call]), user('run b\nsay c')];
    const late: ResponseItem = { type: 'function_call_output', call_id: 'call_turn_1', output: 'aborted' };
    expect(itemsOf(await respond(scriptedModel(), [...history, late]))).toEqual([
      expect.objectContaining({ name: 'exec_command', arguments: '{"cmd":"b"}' }),
    ]);
  });

  it('streams any number of deltas in batches of at most 64', async () => {
    const sizes: number[] = [];
    let text = '';
    const model = scriptedModel({ pause: () => Promise.resolve() });
    const stream = model.stream(request([user('stream 1000')]), new AbortController().signal);
    for await (const batch of stream) {
      sizes.push(batch.length);
      for (const event of batch) if (event.type === 'textDelta') text += event.delta;
      const [item] = itemsOf(batch);
      if (item !== undefined) expect(textsOf([item])).toEqual([text]);
    }
    expect(Math.max(...sizes)).toBe(64);
    expect(text).toMatch(/^0 1 2 .* 999 $/);
  });

  it('stops with the reason of the signal between two batches', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    const received: number[] = [];
    const read = async (): Promise<void> => {
      for await (const batch of scriptedModel().stream(
        request([user('stream 1000000')]),
        controller.signal,
      )) {
        received.push(batch.length);
        controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(received).toEqual([64]);
  });

  it('sleeps by the clock, after it has shown what came before, and leaves no timer when aborted', async () => {
    const scheduled: number[] = [];
    let cancelled = 0;
    const clock = {
      now: () => 0,
      monotonic: () => 0,
      schedule: (delayMs: number) => {
        scheduled.push(delayMs);
        return () => {
          cancelled += 1;
        };
      },
    };
    const controller = new AbortController();
    const stream = scriptedModel({ clock }).stream(
      request([user('say a\nsleep 5000\nsay b')]),
      controller.signal,
    );
    const batches = stream[Symbol.asyncIterator]();
    const first = await batches.next();
    expect(first.done === true ? [] : textsOf(itemsOf(first.value))).toEqual(['a']);
    const second = batches.next();
    controller.abort(new Error('interrupted'));
    await expect(second).rejects.toThrow('interrupted');
    expect([scheduled, cancelled]).toEqual([[5000], 1]);
  });

  it('fails in the words that were asked for, and not for a retry', async () => {
    await expect(respond(scriptedModel(), [user('say a\nfail Out of order.')])).rejects.toEqual(
      new ModelError('Out of order.', { info: 'other', retryable: false }),
    );
  });

  it('answers with prepared replies in order, whatever it is told, and repeats the last one', async () => {
    const model = scriptedModel(['Hello.', 'run ls']);
    const first = await runTurn(model, [CONTEXT, user('Say hello.')], []);
    expect(textsOf(first)).toEqual(['Hello.']);
    const history = [CONTEXT, user('Say hello.'), ...first, user('say no')];
    const second = await runTurn(model, history, [exited(0)]);
    expect(textsOf(second)).toEqual(['Done: ran 1 command.']);
    const third = await runTurn(model, [...history, ...second, user('again')], [exited(1)]);
    expect(textsOf(third)).toEqual(['Done, but not all of it worked: ran 1 command (exit code 1).']);
  });

  it('gives the same response to the same request', async () => {
    const input = [user('think a\nsay b\nrun c')];
    expect(await respond(scriptedModel(), input)).toEqual(await respond(scriptedModel(), input));
  });
});
