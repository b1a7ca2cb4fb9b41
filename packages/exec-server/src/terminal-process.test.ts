import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { groupEnd, groupMembers } from '@millrace/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { PipeProcess } from './pipe-process.js';
import { PROCESS_LIMITS } from './process-limits.js';
import { loadTerminalBinding } from './terminal-binding.js';
import { TerminalProcess } from './terminal-process.js';

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', TERM: 'dumb' };
const started: TerminalProcess[] = [];
const isLinux = process.platform === 'linux';
if (!isLinux) console.warn(`NOT TESTED: there are no terminals on ${process.platform}`);

async function start(argv: readonly [string, ...string[]]): Promise<TerminalProcess> {
  const terminal = { size: { rows: 24, columns: 80 }, binding: loadTerminalBinding() };
  const running = await TerminalProcess.start({ argv, cwd: '/', env }, terminal, systemClock);
  started.push(running);
  return running;
}

const sh = (script: string): Promise<TerminalProcess> => start(['sh', '-c', script]);

async function readAll(running: TerminalProcess): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.output) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function readUntil(running: TerminalProcess, part: string): Promise<string> {
  let text = '';
  while (!text.includes(part)) {
    const read = await running.output.next();
    if (read.done === true) throw new Error(`the output ended after ${JSON.stringify(text)}`);
    text += Buffer.from(read.value).toString();
  }
  return text;
}

const openTerminals = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return /ptmx|\/pts\//.test(readlinkSync(`/proc/self/fd/${name}`));
    } catch {
      return false; // The descriptor of the listing itself.
    }
  }).length;

afterEach(async () => {
  await Promise.all(started.splice(0).map((running) => running.kill()));
});

describe.runIf(isLinux)('TerminalProcess', () => {
  it('gives the process a controlling terminal of that size, on all three streams', async () => {
    const running = await sh(
      'tty; stty size; test -t 0 -a -t 1 -a -t 2 && echo all; : </dev/tty && echo controlling',
    );
    expect(await readAll(running)).toMatch(/^\/dev\/pts\/\d+\r\n24 80\r\nall\r\ncontrolling\r\n$/);
    expect(await running.exited).toEqual({ exitCode: 0 });
  });

  it('never cuts the output at the exit, in 20 tries of 20 KB', async () => {
    const lengths: number[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const running = await sh("head -c 20000 /dev/zero | tr '\\0' x");
      lengths.push((await readAll(running)).length);
    }
    expect(lengths).toEqual(Array.from({ length: 20 }, () => 20_000));
  });

  it('keeps what was written for a consumer that reads only after the exit', async () => {
    const running = await sh("head -c 50000 /dev/zero | tr '\\0' x");
    await running.exited;
    expect(await readAll(running)).toHaveLength(50_000);
  });

  it('echoes input and passes a resize on', async () => {
    const running = await sh('echo ready; read a; stty size; read b; echo "<$a$b>"');
    await readUntil(running, 'ready');
    running.resize(50, 132);
    await running.write(Buffer.from('one\n'));
    expect(await readUntil(running, '50 132')).toContain('one\r\n');
    await running.write(Buffer.from('two\n'));
    expect(await readUntil(running, '<onetwo>')).toContain('two\r\n');
    await running.exited;
    expect(() => running.resize(10, 10)).not.toThrow();
    expect(() => running.resize(0, 70_000)).toThrow(RangeError);
  });

  it('interrupts the program on Ctrl-C', async () => {
    const running = await sh('echo ready; exec sleep 1000');
    await readUntil(running, 'ready');
    await running.write(Buffer.from([3]));
    expect(await running.exited).toEqual({ exitCode: 130 });
  });

  it('reports the exit code of the program itself', async () => {
    expect(await (await sh('exit 9')).exited).toEqual({ exitCode: 9 });
  });

  it('kills the whole group and ends the output', async () => {
    const running = await sh("trap '' TERM HUP; sleep 1000 & sleep 1000 & echo ready; wait");
    await readUntil(running, 'ready');
    await running.kill();
    expect(await running.exited).toEqual({ exitCode: 137 });
    expect(await readAll(running)).toBe('');
    await groupEnd(running.pid);
    expect(groupMembers(running.pid)).toEqual([]);
  });

  it('holds a flooding process while nobody reads', async () => {
    const running = await sh('exec yes');
    let total = 0;
    while (total < 2 * 1_048_576) {
      const read = await running.output.next();
      if (read.done === true) break;
      expect(read.value.length).toBeLessThanOrEqual(PROCESS_LIMITS.outputBufferBytes * 2);
      total += read.value.length;
      await new Promise(setImmediate); // A consumer slower than the process.
    }
    expect(total).toBeGreaterThanOrEqual(2 * 1_048_576);
    await running.kill();
  });

  it('waits with input for a program that does not read, without holding anything else up', async () => {
    const running = await sh('stty raw -echo; echo ready; exec sleep 1000');
    await readUntil(running, 'ready');
    const waiting = running.write(Buffer.alloc(500_000, 'x')).catch((error: unknown) => error);
    const other = await sh('echo other');
    expect(await readAll(other)).toBe('other\r\n');
    await expect(running.write(Buffer.alloc(LIMITS.stdinBytes))).rejects.toMatchObject({
      code: 'full',
    });
    await running.kill();
    expect(await waiting).toMatchObject({ name: 'InputError', code: 'closed' });
    await expect(running.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'closed' });
  });

  it('delivers large input in order to a program that reads', async () => {
    const running = await sh('stty raw -echo; echo ready; head -c 200000 | md5sum');
    await readUntil(running, 'ready');
    const writes = Array.from({ length: 10 }, (_, index) =>
      running.write(Buffer.alloc(20_000, String(index))),
    );
    const digest = (await readAll(running)).trim();
    await Promise.all(writes);
    const expected = createHash('md5');
    for (let index = 0; index < 10; index += 1) expected.update(Buffer.alloc(20_000, String(index)));
    expect(digest).toBe(`${expected.digest('hex')}  -`);
  });

  it('hangs up when the consumer leaves', async () => {
    const running = await sh('echo ready; exec sleep 1000');
    await running.output.next();
    await running.output.return();
    expect(await running.exited).toEqual({ exitCode: 129 });
  });

  it('keeps its terminal from every other command, and closes it at the end', async () => {
    const before = openTerminals();
    const running = await sh('exec sleep 1000');
    const list = 'for f in /proc/self/fd/*; do readlink $f; done | grep -c ptmx; true';
    const other = await PipeProcess.start({ argv: ['sh', '-c', list], cwd: '/', env }, systemClock);
    const seen: Uint8Array[] = [];
    for await (const chunk of other.output) seen.push(chunk);
    expect(Buffer.concat(seen).toString()).toBe('0\n');
    expect(await readAll(await sh(list))).toBe('0\r\n');
    await running.kill();
    expect(openTerminals()).toBe(before);
  });

  it('rejects a size that no terminal has', async () => {
    const terminal = { size: { rows: 0, columns: 80 }, binding: loadTerminalBinding() };
    const command = { argv: ['true'], cwd: '/', env } as const;
    await expect(TerminalProcess.start(command, terminal, systemClock)).rejects.toThrow(RangeError);
  });

  it('leaves no terminal behind when the process cannot be started', async () => {
    const before = openTerminals();
    await expect(start(['true', 'x'.repeat(3 * 1_048_576)])).rejects.toMatchObject({ code: 'failed' });
    expect(openTerminals()).toBe(before);
  });
});
