import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { Clock } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { groupEnd, groupMembers, isRunning } from '@millrace/testkit';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PipeProcess } from './pipe-process.js';
import { PROCESS_LIMITS } from './process-limits.js';

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };
const started: PipeProcess[] = [];

async function start(script: string, clock: Clock = systemClock): Promise<PipeProcess> {
  const running = await PipeProcess.start({ argv: ['sh', '-c', script], cwd: '/', env }, clock);
  started.push(running);
  return running;
}

async function readAll(running: PipeProcess): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of running.output) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function readUntil(running: PipeProcess, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) {
    const read = await running.output.next();
    if (read.done === true) throw new Error(`the output ended after ${JSON.stringify(text)}`);
    text += Buffer.from(read.value).toString();
  }
  return text;
}

/** A clock whose timers go off when the test says so. */
function createManualClock() {
  const timers: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    schedule: (_delayMs, callback) => {
      timers.push(callback);
      return () => {};
    },
  };
  return { clock, timers };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((running) => running.kill()));
});

describe('PipeProcess', () => {
  it('delivers output and error in the order in which they were written, and the exit code', async () => {
    const running = await start('for i in 1 2 3; do echo $i; echo error $i >&2; done; exit 7');
    expect(await readAll(running)).toBe('1\nerror 1\n2\nerror 2\n3\nerror 3\n');
    expect(await running.exited).toEqual({ exitCode: 7 });
  });

  it('lets a program open its output by name', async () => {
    const running = await start('echo a >/dev/stdout; echo b >/dev/stderr; echo c | tee /dev/stderr');
    expect((await readAll(running)).split('\n').sort()).toEqual(['', 'a', 'b', 'c', 'c']);
  });

  it('reports a signal as 128 and its number', async () => {
    expect(await (await start('kill -TERM $$')).exited).toEqual({ exitCode: 143 });
  });

  it('delivers all output of a process that is long gone when it is read', async () => {
    const running = await start('head -c 100000 /dev/zero');
    await running.exited;
    expect(await readAll(running)).toHaveLength(100_000);
  });

  it('delivers bytes as they were written, inside a character too', async () => {
    const running = await start("printf '\\303'; read line; printf '\\274\\377'");
    const first = await running.output.next();
    await running.write(Buffer.from('\n'));
    const second = await running.output.next();
    expect([first.value, second.value]).toEqual([Buffer.from([0xc3]), Buffer.from([0xbc, 0xff])]);
  });

  it('kills a process that ignores SIGTERM, and with it its whole group', async () => {
    const running = await start("trap '' TERM; sleep 1000 & sleep 1000 & echo ready; wait");
    await readUntil(running, 'ready\n');
    expect(groupMembers(running.pid)).toHaveLength(3);
    const ended = readAll(running);
    await running.kill();
    await running.kill();
    expect(await running.exited).toEqual({ exitCode: 137 });
    expect(await ended).toBe('');
    await groupEnd(running.pid);
    expect(groupMembers(running.pid)).toEqual([]);
    expect(isRunning(running.pid)).toBe(false);
  });

  it('holds a flooding process at its pipe while nobody reads', async () => {
    const running = await start('yes');
    const before = process.memoryUsage();
    let total = 0;
    while (total < 10 * 1_048_576) {
      const read = await running.output.next();
      if (read.done === true) break;
      expect(read.value.length).toBeLessThanOrEqual(PROCESS_LIMITS.outputBufferBytes * 2);
      total += read.value.length;
      await new Promise(setImmediate); // A consumer slower than the process.
    }
    expect(total).toBeGreaterThanOrEqual(10 * 1_048_576);
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 * 1_048_576);
    await running.kill();
    expect(await running.exited).toEqual({ exitCode: 137 });
  });

  it('hands input over and rejects it once the process closed its side', async () => {
    const running = await start('read line; echo "got $line"; exec <&-; echo closed; read -r line <&2');
    await running.write(Buffer.from('hello\n'));
    expect(await readUntil(running, 'closed\n')).toBe('got hello\nclosed\n');
    await expect(running.write(Buffer.alloc(300_000))).rejects.toMatchObject({ code: 'closed' });
    await expect(running.write(Buffer.from('more'))).rejects.toMatchObject({ code: 'closed' });
  });

  it.each([
    'open',
    'none',
  ] as const)('with its input %s is not taken for a peer on a network by a shell', async (input) => {
    const home = mkdtempSync(join(tmpdir(), 'millrace-home-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    writeFileSync(join(home, '.bashrc'), 'echo the rc file was read');
    const argv = ['bash', '-c', 'echo ran; [ -S /dev/stdin ] && echo on a socket; exit 0'] as const;
    const running = await PipeProcess.start(
      { argv: [...argv], cwd: '/', env: { ...env, HOME: home } },
      systemClock,
      {
        input,
      },
    );
    started.push(running);
    expect(await readAll(running)).toBe('ran\n');
  });

  it('with no input reads the end of it at once, and takes none', async () => {
    const running = await PipeProcess.start({ argv: ['cat'], cwd: '/', env }, systemClock, { input: 'none' });
    started.push(running);
    await expect(running.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'closed' });
    expect(await readAll(running)).toBe('');
    expect(await running.exited).toEqual({ exitCode: 0 });
  });

  it('rejects a write after the exit, and one that the process left unread', async () => {
    const running = await start('read line');
    const unread = running.write(Buffer.alloc(900_000, '\n'));
    await expect(unread).rejects.toMatchObject({ code: 'closed' });
    await running.exited;
    await expect(running.write(Buffer.from('x'))).rejects.toMatchObject({
      name: 'InputError',
      code: 'closed',
    });
  });

  it('refuses input beyond its limit while the process does not read', async () => {
    const running = await start('sleep 1000');
    const waiting = running.write(Buffer.alloc(LIMITS.stdinBytes)).catch((error: unknown) => error);
    await expect(running.write(Buffer.alloc(LIMITS.stdinBytes))).rejects.toMatchObject({
      code: 'full',
    });
    await running.kill();
    expect(await waiting).toMatchObject({ code: 'closed' });
  });

  it('ends the output a grace after the exit where a grandchild holds it', async () => {
    const { clock, timers } = createManualClock();
    const running = await start('sleep 1000 & echo done', clock);
    expect(await readUntil(running, 'done\n')).toBe('done\n');
    expect(await running.exited).toEqual({ exitCode: 0 });
    const rest = readAll(running);
    const [endGrace] = timers;
    if (endGrace === undefined) throw new Error('no grace was scheduled');
    endGrace();
    expect(await rest).toBe('');
    expect(groupMembers(running.pid)).toHaveLength(1);
    await running.kill();
  });

  it('does not wait for a process that left the group when the rest was killed', async () => {
    const { clock, timers } = createManualClock();
    const running = await start('setsid sleep 2 & echo ready; sleep 1000', clock);
    await readUntil(running, 'ready\n');
    await running.kill();
    expect(await readAll(running)).toBe('');
    expect(timers).toEqual([]);
  });

  it('closes the pipes when the consumer leaves', async () => {
    const running = await start('yes');
    for await (const _ of running.output) break;
    expect(await running.exited).toEqual({ exitCode: 141 });
  });

  it('runs a resize as nothing', async () => {
    const running = await start('exit 0');
    expect(running.resize()).toBeUndefined();
    expect(await running.exited).toEqual({ exitCode: 0 });
  });

  it('does with sockets where no pipe can be made', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const running = await start('echo out; echo err >&2; exit 7');
    vi.unstubAllEnvs();
    expect((await readAll(running)).split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(await running.exited).toEqual({ exitCode: 7 });
  });

  it('leaves no descriptor behind, however a process ended or failed to start', async () => {
    const count = (): number => readdirSync('/dev/fd').length;
    const before = count();
    for (const script of ['exit 0', 'echo unread', 'kill $$']) {
      const running = await start(script);
      await Promise.all([running.exited, readAll(running)]);
    }
    const failing = { argv: ['no-such-program'], cwd: '/', env } as const;
    await expect(PipeProcess.start(failing, systemClock)).rejects.toThrow();
    while (count() > before) await new Promise(setImmediate); // Node closes streams a turn later.
    expect(count()).toBeLessThanOrEqual(before);
  });

  it('rejects a program that is not there and arguments that are too long', async () => {
    const command = { cwd: '/', env };
    await expect(
      PipeProcess.start({ ...command, argv: ['no-such-program'] }, systemClock),
    ).rejects.toMatchObject({
      name: 'SpawnError',
      code: 'notFound',
    });
    const long = 'x'.repeat(3 * 1_048_576);
    await expect(PipeProcess.start({ ...command, argv: ['true', long] }, systemClock)).rejects.toMatchObject({
      name: 'SpawnError',
      code: 'failed',
    });
  });
});

describe('separate streams', () => {
  const start = (script: string) =>
    PipeProcess.start({ argv: ['sh', '-c', script], cwd: '/', env }, systemClock, { streams: 'separate' });
  const textOf = async (output: AsyncIterable<Uint8Array>): Promise<string> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of output) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('keep standard error out of standard output', async () => {
    const running = await start('echo out; echo err >&2; echo more');
    const texts = Promise.all([textOf(running.output), textOf(running.errors)]);
    expect(await texts).toEqual(['out\nmore\n', 'err\n']);
  });

  it('hold the process at one stream only where that one is not read', async () => {
    const running = await start('head -c 1000000 /dev/zero >&2; echo done');
    const errors = textOf(running.errors);
    expect(await textOf(running.output)).toBe('done\n');
    expect((await errors).length).toBe(1_000_000);
  });

  it('of merged ones the second ends at once', async () => {
    const running = await PipeProcess.start({ argv: ['cat'], cwd: '/', env }, systemClock);
    expect(await textOf(running.errors)).toBe('');
    running.endInput();
    expect(await textOf(running.output)).toBe('');
    expect(running.hasDrainTimedOut).toBe(false);
  });
});
