import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProtocolSchema } from './protocol-schema.js';
import { checkTranscripts } from './transcripts.js';

const union = (method: string) => ({
  oneOf: [{ properties: { method: { enum: [method] }, params: { $ref: '#/definitions/Empty' } } }],
});
const schema = new ProtocolSchema({
  definitions: {
    ClientRequest: union('empty'),
    ServerNotification: union('told'),
    ServerRequest: union('ask'),
    Empty: { properties: {} },
    EmptyResponse: { properties: {} },
  },
});

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-transcripts-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, ...lines: readonly unknown[]): void {
  writeFileSync(join(directory, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('every client of a session is judged by itself, and ids of text that was sent as it is count', () => {
  mkdirSync(join(directory, 'two-clients'));
  write(
    'two-clients/transcript.jsonl',
    { dir: '->', msg: { id: 1, method: 'empty', params: {} }, who: 'a' },
    { dir: '->', msg: { $raw: 'nonsense\n{"id":1,"method":"empty"}\n' }, who: 'b' },
    { dir: '==', msg: 'a fact' },
    { dir: '<-', msg: { id: 1, result: {} }, who: 'a' },
    { dir: '<-', msg: { id: 1, result: {} }, who: 'b' },
    { dir: '<-', msg: { method: 'wrong', params: {}, emittedAtMs: 1 }, who: 'b' },
  );
  const [verdict] = checkTranscripts(directory, schema);
  expect(verdict?.name).toBe('two-clients');
  expect(verdict?.conversations.flatMap(({ violations }) => violations)).toEqual([
    'wrong: no notification is called wrong',
  ]);
});

test('sessions of another protocol are left out, and a folder without any session is refused', () => {
  write('exec.jsonl', { dir: '->', msg: { id: 1, method: 'initialize', params: { clientName: 'x' } } });
  expect(() => checkTranscripts(directory, schema)).toThrow('holds no transcript');
});
