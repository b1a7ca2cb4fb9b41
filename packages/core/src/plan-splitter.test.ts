import { describe, expect, it } from 'vitest';
import { type PlanPiece, PlanSplitter, splitPlan } from './plan-splitter.js';

const TEXT =
  'First a word.\n<proposed_plan>\n# Plan\n- <b>one</b>\n  </proposed_plan> \nAnd <proposed_plan> inline.\n';

/** The pieces of a text that came in those parts, neighbours of one kind joined. */
function split(parts: readonly string[]): PlanPiece[] {
  const splitter = new PlanSplitter();
  const joined: PlanPiece[] = [];
  for (const piece of [...parts.flatMap((part) => splitter.write(part)), ...splitter.end()]) {
    const last = joined.at(-1);
    if ('text' in piece && last !== undefined && 'text' in last && last.type === piece.type)
      joined[joined.length - 1] = { type: piece.type, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}

describe('PlanSplitter', () => {
  const whole = split([TEXT]);

  it('tells the plan from the message around it', () => {
    expect(whole).toEqual([
      { type: 'message', text: 'First a word.\n' },
      { type: 'opened' },
      { type: 'plan', text: '# Plan\n- <b>one</b>\n' },
      { type: 'closed' },
      { type: 'message', text: 'And <proposed_plan> inline.\n' },
    ]);
  });

  it('finds the same however the text is cut', () => {
    for (let first = 0; first <= TEXT.length; first += 1) {
      for (let second = first; second <= TEXT.length; second += 1) {
        expect(split([TEXT.slice(0, first), TEXT.slice(first, second), TEXT.slice(second)])).toEqual(whole);
      }
    }
    expect(split([...TEXT])).toEqual(whole);
  });

  it('passes on at once what cannot become a tag', () => {
    const splitter = new PlanSplitter();
    expect(splitter.write('A wo')).toEqual([{ type: 'message', text: 'A wo' }]);
    expect(splitter.write('rd\n<prop')).toEqual([{ type: 'message', text: 'rd\n' }]);
    expect(splitter.write('er>')).toEqual([{ type: 'message', text: '<proper>' }]);
  });

  it('closes a plan that the model left open, and knows a tag without a line end', () => {
    expect(split(['<proposed_plan>\nhalf'])).toEqual([
      { type: 'opened' },
      { type: 'plan', text: 'half' },
      { type: 'closed' },
    ]);
    expect(split(['<proposed_plan>\na\n</proposed_plan>']).at(-1)).toEqual({ type: 'closed' });
  });

  it('holds back no more than a tag with some space, whatever is written', () => {
    const pieces = new PlanSplitter().write(' '.repeat(1_000));
    expect(pieces).toEqual([{ type: 'message', text: ' '.repeat(1_000) }]);
  });
});

describe('splitPlan', () => {
  it('takes the last of several plans', () => {
    const plan = (text: string) => `<proposed_plan>\n${text}\n</proposed_plan>\n`;
    expect(splitPlan(`a\n${plan('one')}b\n${plan('two')}`)).toEqual({ message: 'a\nb\n', plan: 'two\n' });
  });

  it('says that there is none', () => {
    expect(splitPlan('no plan')).toEqual({ message: 'no plan', plan: undefined });
  });
});
