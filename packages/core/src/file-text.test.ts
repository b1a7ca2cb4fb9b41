import { describe, expect, it } from 'vitest';
import { FileText, type LineEdit } from './file-text.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const edit = (text: string, ...edits: LineEdit[]) => {
  const file = FileText.decode(encode(text));
  if (file === undefined) throw new Error('not text');
  return decode(file.edited(edits));
};
const replace = (start: number, deleteCount: number, ...insert: string[]): LineEdit => ({
  start,
  deleteCount,
  insert,
});

describe('FileText', () => {
  it.each([
    '',
    'a',
    'a\n',
    'a\r\nb\nc',
    '\n\n',
    '\r\n',
    'a\r',
    '\uFEFFa\nb',
    'a\u2028b\n',
  ])('gives %j back byte for byte', (text) => {
    expect(edit(text)).toBe(text);
  });

  it('splits at newlines only, and takes the byte order mark off the first line', () => {
    expect(FileText.decode(encode('\uFEFFa\r\n\rb\u2028c\n\nd'))?.lines).toEqual([
      'a',
      '\rb\u2028c',
      '',
      'd',
    ]);
  });

  it('is undefined for bytes that are not UTF-8', () => {
    expect(FileText.decode(Uint8Array.of(0x61, 0xff))).toBeUndefined();
  });

  it('ends new lines as the file does', () => {
    expect(edit('a\r\nb\r\n', replace(1, 1, 'x', 'y'))).toBe('a\r\nx\r\ny\r\n');
    expect(edit('\uFEFFa\nb\r\n', replace(0, 1, 'x'))).toBe('\uFEFFx\nb\r\n');
    expect(edit('', replace(0, 0, 'x'))).toBe('x\n');
  });

  it('adds no newline to a file that ends without one, and none is missing between lines', () => {
    expect(edit('a\nb', replace(0, 1, 'x'))).toBe('x\nb');
    expect(edit('a\nb', replace(1, 1, 'x'))).toBe('a\nx');
    expect(edit('a\nb', replace(2, 0, 'x'))).toBe('a\nb\nx');
    expect(edit('a\nb', replace(1, 1))).toBe('a\n');
  });

  it('applies several edits, also side by side', () => {
    expect(edit('a\nb\nc\nd\n', replace(0, 1, 'A'), replace(1, 0, 'new'), replace(3, 1))).toBe(
      'A\nnew\nb\nc\n',
    );
  });

  it('throws for edits that overlap or lie outside', () => {
    expect(() => edit('a\nb\n', replace(0, 2), replace(1, 1))).toThrow(RangeError);
    expect(() => edit('a\n', replace(1, 1))).toThrow(RangeError);
  });
});
