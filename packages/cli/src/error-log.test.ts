import { Writable } from 'node:stream';
import { LIMITS } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { ErrorLog } from './error-log.js';

test('a log that nobody reads holds a bounded number of lines, and says how many it left out', async () => {
  const lines: string[] = [];
  const held: (() => void)[] = [];
  let isRead = false;
  const output = new Writable({
    write: (chunk, _encoding, callback) => {
      lines.push(String(chunk));
      if (isRead) callback();
      else held.push(callback);
    },
  });
  const log = new ErrorLog(output, 'server: ');
  const offered = 100;
  for (let count = 0; count < offered; count += 1) log.line('x'.repeat(LIMITS.logBytes / 4));
  expect(output.writableLength).toBeLessThan(2 * LIMITS.logBytes);
  isRead = true;
  for (const goOn of held) goOn();
  while (output.writableLength > 0) await new Promise((resolve) => setImmediate(resolve));
  const kept = lines.length;
  expect(kept).toBeLessThan(10);
  log.line('last');
  expect(lines.slice(kept)).toEqual([`server: ${offered - kept} lines left out\n`, 'server: last\n']);
});
