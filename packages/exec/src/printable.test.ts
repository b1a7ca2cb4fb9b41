import { describe, expect, it } from 'vitest';
import { createPaint, wantsColors } from './paint.js';
import { printable } from './printable.js';
import { shownCommand } from './shown-command.js';

describe('printable', () => {
  it('takes out everything by which text could speak to the terminal', () => {
    const colour = 'a\u001b[31mred\u001b[0m';
    const title = '\u001b]0;title\u0007b';
    const link = '\u001b]8;;http://x\u001b\\c';
    const cursor = '\u001b[2J\u001b[1;1Hd\u001b[?25l';
    expect(printable(colour + title + link + cursor)).toBe('aredbcd');
    expect(printable('one\rtwo\bthree\u0007\u009b31m\u007f')).toBe('onetwothree31m');
    expect(printable('safe \u202eevil\u202c')).toBe('safe evil');
  });

  it('leaves no escape behind, whatever stands around it', () => {
    expect(printable('\u001b')).toBe('');
    expect(printable('\u001b]0;never ended')).toBe('');
    expect(printable('\u001b\u001b[31m[31m')).toBe('[31m');
  });

  it('keeps line breaks, tabs and every letter', () => {
    expect(printable('a\n\tb é 漢 🙂')).toBe('a\n\tb é 漢 🙂');
  });
});

describe('paint', () => {
  it('colours where it was asked to and nowhere else', () => {
    expect(createPaint(true)('red', 'x')).toBe('\u001b[31mx\u001b[0m');
    expect(createPaint(false)('red', 'x')).toBe('x');
  });

  it('is wanted on a terminal without NO_COLOR', () => {
    expect(wantsColors({ isTTY: true }, {})).toBe(true);
    expect(wantsColors({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColors({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColors({}, {})).toBe(false);
  });
});

describe('shownCommand', () => {
  it('shows the script that a shell is given', () => {
    expect(shownCommand("/bin/bash -lc 'ls -la | wc'")).toBe('ls -la | wc');
    expect(shownCommand('/bin/sh -c ls')).toBe('ls');
    expect(shownCommand('zsh -lc "echo \\"it\'s\\""')).toBe('echo "it\'s"');
  });

  it('shows the whole line where the script is not plain to see', () => {
    for (const line of [
      'ls -la',
      '/bin/bash -lc "echo $HOME"',
      "/bin/bash -lc 'a'\"'\"'b'",
      '/bin/bash -lc a b',
    ]) {
      expect(shownCommand(line)).toBe(line);
    }
  });
});
