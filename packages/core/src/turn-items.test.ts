import { newAgentMessage, newReasoning } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { TurnItems } from './turn-items.js';

const message = (id: string, text = '') => newAgentMessage({ id, startedAtMs: 1, text, phase: null });
const reasoning = (id: string) => newReasoning({ id, startedAtMs: 1, summary: [], content: [] });

describe('TurnItems', () => {
  it('shows an open item with what streamed into it so far (EV-9)', () => {
    const items = new TurnItems();
    items.start(message('a'));
    items.append('a', 'text', 0, 'one ');
    items.append('a', 'text', 0, 'two');
    expect(items.open()).toMatchObject([{ id: 'a', text: 'one two' }]);
    expect(items.isOpen('a')).toBe(true);
  });

  it('keeps the parts of a reasoning item apart', () => {
    const items = new TurnItems();
    items.start(reasoning('r'));
    items.append('r', 'summary', 0, 'a');
    items.append('r', 'summary', 1, 'b');
    items.append('r', 'summary', 0, 'c');
    items.append('r', 'content', 0, 'd');
    expect(items.all()).toMatchObject([{ summary: ['ac', 'b'], content: ['d'] }]);
  });

  it('takes the finished item as it is, and no delta after it', () => {
    const items = new TurnItems();
    items.start(message('a'));
    items.append('a', 'text', 0, 'draft');
    items.complete(message('a', 'final'));
    items.append('a', 'text', 0, ' late');
    expect(items.all()).toMatchObject([{ text: 'final' }]);
    expect(items.open()).toEqual([]);
  });

  it('starts an item over when it starts again: a broken stream is asked for once more', () => {
    const items = new TurnItems();
    items.start(message('a'));
    items.append('a', 'text', 0, 'half');
    items.start(message('a'));
    items.append('a', 'text', 0, 'whole');
    expect(items.all()).toMatchObject([{ text: 'whole' }]);
  });

  it('keeps the order in which items started, and knows the last finished message', () => {
    const items = new TurnItems();
    items.start(message('a'));
    items.start(reasoning('r'));
    items.start(message('b'));
    items.complete(message('b', 'second'));
    expect(items.lastAgentMessage()).toMatchObject({ id: 'b' });
    items.complete(message('a', 'first'));
    expect(items.all().map(({ id }) => id)).toEqual(['a', 'r', 'b']);
    expect(items.find('x')).toBeUndefined();
  });
});
