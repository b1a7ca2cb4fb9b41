import type { Readable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';
import { ExecError } from './exec-error.js';

/** Bytes of standard input that are read: what an input of the longest kind takes in any encoding. */
const STDIN_BYTES = 4 * LIMITS.inputChars;

/** Where a prompt may come from. */
export interface PromptSources {
  /** What was given on the command line; `-` stands for standard input, as does nothing. */
  readonly argument: string | undefined;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Aborted, reading stops and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the prompt: the argument; or standard input when there is none, or it is `-`; or both, when there is one and something is
 * piped in, which then follows the argument between `<stdin>` and `</stdin>`.
 *
 * Piped text may be UTF-8 or UTF-16 with a byte order mark. Waits until a pipe ends. At most 4 MiB are held.
 *
 * @throws {ExecError} `noPrompt`, `promptTooLong` or `promptUnreadable`.
 */
export async function readPrompt({ argument, stdin, signal }: PromptSources): Promise<string> {
  if (argument !== undefined && argument !== '-') {
    const piped = stdin.isTTY === true ? '' : await readText(stdin, signal);
    return checked(
      piped.trim() === '' ? argument : `${argument}\n\n<stdin>\n${piped.trimEnd()}\n</stdin>`,
      'is empty',
    );
  }
  if (argument === undefined && stdin.isTTY === true) return checked('', 'is missing');
  return checked(await readText(stdin, signal), 'on standard input is empty');
}

function checked(prompt: string, problem: string): string {
  if (prompt.trim() === '') {
    const remedy = 'Give it as an argument, or pipe it in: echo "run ls" | millrace exec';
    throw new ExecError('noPrompt', `the prompt ${problem}. ${remedy}`);
  }
  if (prompt.length > LIMITS.inputChars) throw tooLong();
  return prompt;
}

function tooLong(): ExecError {
  const remedy = 'Put the long part into a file and name the file in the prompt.';
  return new ExecError(
    'promptTooLong',
    `the prompt is longer than ${LIMITS.inputChars} characters. ${remedy}`,
  );
}

async function readText(stdin: Readable, signal: AbortSignal | undefined): Promise<string> {
  return decode(await readBytes(stdin, signal));
}

async function readBytes(stdin: Readable, signal: AbortSignal | undefined): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const stop = (): void => void stdin.destroy(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk as Uint8Array | string);
      size += bytes.length;
      if (size > STDIN_BYTES) throw tooLong();
      chunks.push(bytes);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  signal?.throwIfAborted();
  return Buffer.concat(chunks);
}

/** Byte order marks, the longer ones first: that of UTF-16 begins like that of UTF-32. */
const MARKS = [
  { bytes: [0xff, 0xfe, 0x00, 0x00], encoding: undefined },
  { bytes: [0x00, 0x00, 0xfe, 0xff], encoding: undefined },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

function decode(bytes: Uint8Array): string {
  const mark = MARKS.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined && mark.encoding === undefined) throw unreadable('it is UTF-32');
  try {
    return new TextDecoder(mark?.encoding ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(`it is not ${mark === undefined ? 'UTF-8' : 'UTF-16'}`, cause);
  }
}

function unreadable(reason: string, cause?: unknown): ExecError {
  const message = `the prompt on standard input cannot be read: ${reason}. Convert it to UTF-8.`;
  return new ExecError('promptUnreadable', message, { cause });
}
