import { Readable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { ExecErrorCode } from './exec-error.js';
import { readPrompt } from './prompt-input.js';

const piped = (...chunks: readonly (string | Uint8Array)[]): Readable =>
  Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
const terminal = (): Readable & { isTTY: boolean } =>
  Object.assign(new Readable({ read() {} }), { isTTY: true });

async function codeOf(reading: Promise<string>): Promise<ExecErrorCode | string> {
  return reading.then(
    (prompt) => `read ${prompt.length} characters`,
    (error: { readonly code: ExecErrorCode }) => error.code,
  );
}

describe('readPrompt', () => {
  it('takes the argument alone where standard input is a terminal or empty', async () => {
    expect(await readPrompt({ argument: 'run ls', stdin: terminal() })).toBe('run ls');
    expect(await readPrompt({ argument: 'run ls', stdin: piped() })).toBe('run ls');
    expect(await readPrompt({ argument: 'run ls', stdin: piped(' \n') })).toBe('run ls');
  });

  it('reads standard input for a dash and for nothing', async () => {
    expect(await readPrompt({ argument: '-', stdin: piped('run ', 'ls\n') })).toBe('run ls\n');
    expect(await readPrompt({ argument: undefined, stdin: piped('run ls') })).toBe('run ls');
  });

  it('appends what is piped in to the argument, between marks', async () => {
    const prompt = await readPrompt({ argument: 'review this', stdin: piped('- old\n+ new\n') });
    expect(prompt).toBe('review this\n\n<stdin>\n- old\n+ new\n</stdin>');
  });

  it('says what to do where there is no prompt', async () => {
    expect(await codeOf(readPrompt({ argument: undefined, stdin: terminal() }))).toBe('noPrompt');
    expect(await codeOf(readPrompt({ argument: '', stdin: terminal() }))).toBe('noPrompt');
    expect(await codeOf(readPrompt({ argument: '-', stdin: piped('\n') }))).toBe('noPrompt');
    await expect(readPrompt({ argument: undefined, stdin: piped() })).rejects.toThrow(
      'the prompt on standard input is empty. Give it as an argument, or pipe it in: echo "run ls" | millrace exec',
    );
  });

  it('reads UTF-8 and UTF-16 with a byte order mark, also when a letter is split', async () => {
    const utf8 = Buffer.from('\ufeffé!');
    expect(await readPrompt({ argument: '-', stdin: piped(utf8.subarray(0, 4), utf8.subarray(4)) })).toBe(
      'é!',
    );
    const little = Buffer.from('\ufeffé!', 'utf16le');
    expect(await readPrompt({ argument: '-', stdin: piped(little) })).toBe('é!');
    expect(await readPrompt({ argument: '-', stdin: piped(Buffer.from(little).swap16()) })).toBe('é!');
  });

  it('refuses text in another encoding', async () => {
    const latin1 = Buffer.from('é', 'latin1');
    const utf32 = Uint8Array.of(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0);
    const halfUtf16 = Uint8Array.of(0xff, 0xfe, 0x61);
    for (const bytes of [latin1, utf32, halfUtf16]) {
      expect(await codeOf(readPrompt({ argument: '-', stdin: piped(bytes) }))).toBe('promptUnreadable');
    }
  });

  it('takes the longest prompt and refuses the first character more, without reading on', async () => {
    const longest = 'x'.repeat(LIMITS.inputChars);
    expect(await readPrompt({ argument: longest, stdin: terminal() })).toBe(longest);
    expect(await codeOf(readPrompt({ argument: `${longest}x`, stdin: terminal() }))).toBe('promptTooLong');
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(1_048_576, 'x'));
      },
    });
    expect(await codeOf(readPrompt({ argument: '-', stdin: endless }))).toBe('promptTooLong');
  });

  it('stops reading when it is told to', async () => {
    const stop = new AbortController();
    const reading = readPrompt({ argument: '-', stdin: new Readable({ read() {} }), signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(reading).rejects.toThrow('interrupted');
  });
});
