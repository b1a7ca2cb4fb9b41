import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  INSTRUCTIONS_MAX,
  type Instruction,
  PROMPT_LANGUAGE,
  parsePrompt,
  parseReply,
} from './prompt-language.js';

const problems = (instructions: readonly Instruction[] | undefined): readonly string[] =>
  (instructions ?? []).flatMap((instruction) =>
    instruction.type === 'unclear' ? [instruction.problem] : [],
  );

describe('parsePrompt', () => {
  it.each<[string, Instruction]>([
    ['say Hello, world.', { type: 'say', text: 'Hello, world.' }],
    ['say one\\ntwo\\t\\\\n', { type: 'say', text: 'one\ntwo\t\\n' }],
    ['think It is a file.', { type: 'think', text: 'It is a file.' }],
    ['stream 3', { type: 'stream', deltas: 3 }],
    ['run ls -la | wc -l', { type: 'run', command: 'ls -la | wc -l', escalate: false }],
    ['run! touch /etc/x', { type: 'run', command: 'touch /etc/x', escalate: true }],
    ['write a.txt one\\ntwo', { type: 'write', path: 'a.txt', text: 'one\ntwo' }],
    ['write "my file.txt" text', { type: 'write', path: 'my file.txt', text: 'text' }],
    [
      'edit a.txt old line => new line',
      { type: 'edit', path: 'a.txt', oldLine: 'old line', newLine: 'new line' },
    ],
    ['edit a.txt old =>', { type: 'edit', path: 'a.txt', oldLine: 'old', newLine: '' }],
    ['plan read; write ;', { type: 'plan', steps: ['read', 'write'] }],
    ['ask Which one?', { type: 'ask', question: 'Which one?' }],
    ['sleep 250', { type: 'sleep', durationMs: 250 }],
    ['fail No more.', { type: 'fail', message: 'No more.' }],
  ])('reads %j', (line, expected) => {
    expect(parsePrompt(line)).toEqual([expected]);
  });

  it.each(Object.keys(PROMPT_LANGUAGE))('says how %j should read when nothing follows it', (keyword) => {
    expect(problems(parsePrompt(keyword))).toEqual([
      expect.stringContaining(`Line 1 should read "${keyword} <`),
    ]);
  });

  it.each([
    'sleep x',
    'sleep 1e3',
    'sleep 600001',
    'stream 0',
    'stream -1',
    'stream 1000001',
    'write a.txt',
    'write "" x',
    'edit a b',
    'plan ;',
  ])('says what is wrong with %j', (line) => {
    expect(problems(parsePrompt(line))).toEqual([expect.stringContaining(JSON.stringify(line))]);
  });

  it('keeps the order, skips blank lines and names the line that it does not understand', () => {
    expect(parsePrompt('\n say a\r\n\r\nplease\n  run b  \n')).toEqual([
      { type: 'say', text: 'a' },
      { type: 'unclear', problem: 'Line 4 is not an instruction: "please".' },
      { type: 'run', command: 'b', escalate: false },
    ]);
  });

  it('takes a text for prose when its first line is no instruction', () => {
    expect(parsePrompt('Dear all,\nrun away\n')).toBeUndefined();
    expect(parsePrompt('Run the tests')).toBeUndefined();
    expect(parsePrompt('constructor x')).toBeUndefined();
    expect(parsePrompt(' \n ')).toBeUndefined();
  });

  it('reads so many instructions and no more', () => {
    const instructions = parsePrompt('say a\n'.repeat(INSTRUCTIONS_MAX + 5)) ?? [];
    expect(instructions).toHaveLength(INSTRUCTIONS_MAX + 1);
    expect(problems(instructions)).toEqual([`A prompt has at most ${INSTRUCTIONS_MAX} instructions.`]);
  });

  it('never throws, whatever the text', () => {
    const word = fc.constantFrom(
      ...Object.keys(PROMPT_LANGUAGE),
      '"',
      '=>',
      '\\n',
      '9',
      'x',
      ' ',
      '\n',
      '\u2028',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (prompt) => {
        for (const { type } of [...(parsePrompt(prompt) ?? []), ...parseReply(prompt)])
          expect(type).not.toBe('');
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });
});

describe('parseReply', () => {
  it('says the lines that are no instructions, together', () => {
    expect(parseReply('Hello.\n\nHow are you?\nrun ls\nDone \\n.')).toEqual([
      { type: 'say', text: 'Hello.\n\nHow are you?' },
      { type: 'run', command: 'ls', escalate: false },
      { type: 'say', text: 'Done \\n.' },
    ]);
  });
});
