import { type WireEvent, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf } from './test-peer.js';

const PLAN = ['Look:\n<propo', 'sed_plan>\n# Plan\n', '- one\n</proposed_plan>', '\nIs it good?'];
const MODE = { mode: 'plan', settings: { model: 'm', reasoning_effort: null, developer_instructions: null } };

const startThread = (...answers: readonly (readonly WireEvent[])[]) =>
  startResponsesThread(answers.map((answer) => wire.response(answer)));

const developerTexts = (body: unknown): string[] =>
  (body as { input: { role?: string; content?: { text: string }[] }[] }).input
    .filter((item) => item.role === 'developer')
    .flatMap((item) => item.content?.map((part) => part.text) ?? []);

describe('plan mode', () => {
  it('shows the plan as an item of its own, and the words around it as the message', async () => {
    const { turn } = await startThread(wire.message(PLAN));
    const events = await turn('go', { collaborationMode: MODE });
    const texts = (method: string) =>
      events.filter((event) => kindOf(event) === method).map((event) => paramsOf(event).delta);
    expect(texts('item/plan/delta').join('')).toBe('# Plan\n- one\n');
    expect(texts('item/agentMessage/delta').join('')).toBe('Look:\nIs it good?');
    const done = events
      .filter((event) => kindOf(event) === 'item/completed')
      .map((event) => paramsOf(event).item);
    expect(done).toMatchObject([
      { type: 'userMessage' },
      { type: 'plan', text: '# Plan\n- one\n' },
      { type: 'agentMessage', text: 'Look:\nIs it good?' },
    ]);
  });

  it('begins no message where nothing but the plan is said', async () => {
    const { turn } = await startThread(wire.message(['\n<proposed_plan>\n', 'a\n', '</proposed_plan>\n\n']));
    const events = await turn('go', { collaborationMode: MODE });
    const types = events.flatMap(
      (event) => (paramsOf(event).item as { type: string } | undefined)?.type ?? [],
    );
    expect(types).toEqual(['userMessage', 'userMessage', 'plan', 'plan']);
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ items: [], status: 'completed' });
  });

  it('is explained to the model once, and so is its end', async () => {
    const { turn, model } = await startThread(wire.message(['ok']));
    await turn('go');
    await turn('go', { collaborationMode: MODE });
    await turn('go');
    await turn('go', { collaborationMode: { ...MODE, mode: 'default' } });
    const told = model.requests.map(({ body }) =>
      developerTexts(body).filter((text) => text.startsWith('<collaboration_mode>')),
    );
    expect(told.map((texts) => texts.length)).toEqual([0, 1, 1, 2]);
    expect(told[1]?.[0]).toContain('<proposed_plan>');
    expect(told[3]?.[1]).toContain('Plan mode is over');
  });

  it('means nothing to a thread in default mode', async () => {
    const { turn } = await startThread(wire.message(PLAN));
    const events = await turn('go');
    expect(paramsOf(events.at(-1)).turn).toMatchObject({ items: [{ text: PLAN.join('') }] });
  });
});
