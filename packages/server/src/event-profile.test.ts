import { describe, expect, it } from 'vitest';
import { serverEventProfile } from './event-profile.js';
import type { NotificationEvent, ServerEvent } from './server-event.js';

const output = (delta: string): ServerEvent => ({
  type: 'notification',
  method: 'item/commandExecution/outputDelta',
  params: { threadId: 't', turnId: 'u', itemId: 'i', delta },
  emittedAtMs: 1,
  threadId: 't',
  sequence: 1,
});

const paramsOf = (event: ServerEvent | undefined): unknown =>
  (event as NotificationEvent | undefined)?.params;

describe('serverEventProfile', () => {
  it('joins two deltas of one item, and makes a new event of them', () => {
    const [first, second] = [output('ab'), output('cd')];
    const merged = serverEventProfile.merge(first, second, 10_000, 'all');
    expect(paramsOf(merged)).toMatchObject({ itemId: 'i', delta: 'abcd' });
    expect(paramsOf(first)).toMatchObject({ delta: 'ab' });
  });

  it('joins nothing across items, and nothing that would be too large where all of it must be kept', () => {
    const other = {
      ...output('cd'),
      params: { threadId: 't', turnId: 'u', itemId: 'j', delta: 'cd' },
    } as ServerEvent;
    expect(serverEventProfile.merge(output('ab'), other, 10_000, 'all')).toBeUndefined();
    expect(serverEventProfile.merge(output('a'.repeat(100)), output('b'), 256 + 200, 'all')).toBeUndefined();
  });

  it('keeps the tail of output that is too large, never half a character, and counts the bytes that are gone', () => {
    const text = '😀'.repeat(60);
    const merged = serverEventProfile.merge(output(text), output('end'), 256 + 2 * 100, 'tail');
    const { delta, droppedBytes } = paramsOf(merged) as {
      readonly delta: string;
      readonly droppedBytes: number;
    };
    expect(delta.endsWith('😀end')).toBe(true);
    expect(delta.includes('\uFFFD')).toBe(false);
    expect(new TextEncoder().encode(delta).length + droppedBytes).toBe(
      new TextEncoder().encode(`${text}end`).length,
    );
    const again = serverEventProfile.merge(merged as ServerEvent, output('x'), 10_000, 'tail');
    expect(paramsOf(again)).toMatchObject({ delta: `${delta}x`, droppedBytes });
  });

  it('counts the texts of an event by their size', () => {
    const small = serverEventProfile.sizeOf(output('a'));
    expect(serverEventProfile.sizeOf(output('a'.repeat(1_001))) - small).toBe(2_000);
  });
});
