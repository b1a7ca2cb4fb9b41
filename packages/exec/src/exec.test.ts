import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Client, type EventSource, type Link, type RunLink, TransportError } from '@millrace/client';
import { type InProcessOptions, startInProcess } from '@millrace/client/in-process';
import { newTurn, type Turn } from '@millrace/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExecOptions, runExec } from './exec.js';
import type { ExecEvent } from './exec-event.js';

const clientInfo = { name: 'exec_test', version: '1' };

let directory: string;
let client: Client | undefined;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'millrace-exec-')));
});

afterEach(async () => {
  await client?.shutdown();
  client = undefined;
  await rm(directory, { recursive: true });
});

/** A server with the scripted model and a shell without a profile. */
async function start(options: Partial<InProcessOptions> = {}): Promise<Client> {
  client = await startInProcess({
    clientInfo,
    home: join(directory, 'home'),
    config: { model_provider: 'scripted' },
    environment: { PATH: process.env.PATH, HOME: directory, SHELL: '/bin/sh' },
    ...options,
  });
  return client;
}

interface Sink {
  readonly stream: Writable & { readonly isTTY: boolean };
  readonly text: () => string;
}

function sink(isTTY = false, hold?: (chunk: string) => Promise<void> | undefined): Sink {
  let text = '';
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, callback) {
      text += String(chunk);
      const held = hold?.(String(chunk));
      if (held === undefined) callback();
      else void held.then(() => callback());
    },
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => text };
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function exec(server: Client, prompt: string, options: Partial<ExecOptions> = {}): Promise<Outcome> {
  const stdout = sink();
  const stderr = sink();
  const code = await runExec(server, {
    prompt,
    cwd: directory,
    sandbox: 'danger-full-access',
    isEphemeral: true,
    stdout: stdout.stream,
    stderr: stderr.stream,
    ...options,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function eventsOf({ stdout }: Outcome): readonly ExecEvent[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExecEvent);
}

const typesOf = (outcome: Outcome): readonly string[] => eventsOf(outcome).map(({ type }) => type);

describe('runExec as JSON lines', () => {
  it('says everything about a turn with a plan, a command, a patch and a message', async () => {
    const prompt = 'think Hm.\nplan look; write\nrun echo hi; exit 3\nwrite a.txt new\nsay Done.';
    const outcome = await exec(await start(), prompt, { json: true });
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const todo = {
      type: 'todo_list',
      items: [
        { text: 'look', completed: false },
        { text: 'write', completed: false },
      ],
    };
    const ran = { type: 'command_execution', command: "/bin/sh -lc 'echo hi; exit 3'" };
    const patch = { type: 'file_change', changes: [{ path: join(directory, 'a.txt'), kind: 'add' }] };
    expect(eventsOf(outcome)).toEqual([
      { type: 'thread.started', thread_id: expect.any(String) },
      { type: 'turn.started' },
      { type: 'item.completed', item: { id: 'item_0', type: 'reasoning', text: 'Hm.' } },
      { type: 'item.started', item: { id: 'item_1', ...todo } },
      {
        type: 'item.started',
        item: { id: 'item_2', ...ran, aggregated_output: '', exit_code: null, status: 'in_progress' },
      },
      {
        type: 'item.completed',
        item: { id: 'item_2', ...ran, aggregated_output: 'hi\n', exit_code: 3, status: 'failed' },
      },
      { type: 'item.started', item: { id: 'item_3', ...patch, status: 'in_progress' } },
      { type: 'item.completed', item: { id: 'item_3', ...patch, status: 'completed' } },
      { type: 'item.completed', item: { id: 'item_4', type: 'agent_message', text: 'Done.' } },
      { type: 'item.completed', item: { id: 'item_1', ...todo } },
      {
        type: 'turn.completed',
        usage: {
          input_tokens: expect.any(Number),
          cached_input_tokens: 0,
          cache_write_input_tokens: 0,
          output_tokens: expect.any(Number),
          reasoning_output_tokens: expect.any(Number),
        },
      },
    ]);
  });

  it('ends a failed turn with its error and exit code 1', async () => {
    const outcome = await exec(await start(), 'fail The model is out.', { json: true });
    expect(outcome.code).toBe(1);
    expect(eventsOf(outcome).slice(-2)).toEqual([
      { type: 'error', message: 'The model is out.' },
      { type: 'turn.failed', error: { message: 'The model is out.' } },
    ]);
  });

  it('shows a warning as an item before the turn, and it fails nothing', async () => {
    const server = await start({ config: { model_provider: 'scripted', colour: 'red' } });
    const outcome = await exec(server, 'say hi', { json: true });
    expect(outcome.code).toBe(0);
    const message = 'unrecognised configuration key `colour` is ignored';
    const warnings = eventsOf(outcome).filter((event) => 'item' in event && event.item.type === 'error');
    expect(warnings).toContainEqual({
      type: 'item.completed',
      item: { id: expect.any(String), type: 'error', message },
    });
    const types = typesOf(outcome);
    expect(types.indexOf('item.completed')).toBeLessThan(types.indexOf('turn.started'));
  });

  it('shows a lag as a matter of health, and makes up for what it hid (EV-4)', async () => {
    const server = await start({ channelCapacity: 1, slowConsumerGraceMs: 0 });
    const watcher = await server.connect({ clientInfo });
    const turnOver = (async () => {
      let wasActive = false;
      for await (const event of watcher.events()) {
        if (event.type !== 'notification' || event.method !== 'thread/status/changed') continue;
        wasActive ||= event.params.status.type === 'active';
        if (wasActive && event.params.status.type === 'idle') return;
      }
    })();
    // The reader of standard output stands still until the turn is over.
    const stdout = sink(false, (chunk) => (chunk.includes('turn.started') ? turnOver : undefined));
    const prompt = 'run echo one\nrun echo two\nsay Both ran.';
    const { code } = await exec(server, prompt, { json: true, stdout: stdout.stream });
    const outcome = { code, stdout: stdout.text(), stderr: '' };
    expect(code).toBe(0);
    const [lag] = eventsOf(outcome).filter((event) => event.type === 'stream.lagged');
    expect(lag).toEqual({ type: 'stream.lagged', skipped: expect.any(Number) });
    const completed = eventsOf(outcome).flatMap((event) =>
      event.type === 'item.completed' ? [event.item] : [],
    );
    const whole = completed.map((item) =>
      item.type === 'command_execution'
        ? item.aggregated_output
        : item.type === 'agent_message'
          ? item.text
          : item,
    );
    expect(whole).toEqual(['one\n', 'two\n', 'Both ran.']);
    expect(typesOf(outcome).at(-1)).toBe('turn.completed');
  });

  it('says that it was interrupted, with exit code 130', async () => {
    const stop = new AbortController();
    const stdout = sink(false, (chunk) => {
      if (chunk.includes('item.started')) stop.abort();
      return undefined;
    });
    const options = { json: true, stdout: stdout.stream, signal: stop.signal };
    const { code } = await exec(await start(), 'run sleep 60\nsay never', options);
    expect(code).toBe(130);
    expect(typesOf({ code, stdout: stdout.text(), stderr: '' }).slice(-2)).toEqual([
      'item.completed',
      'turn.interrupted',
    ]);
  });
});

describe('runExec for people', () => {
  it('shows progress on standard error and the final message on standard output', async () => {
    const outcome = await exec(await start(), 'run echo hi\nsay All is well.');
    expect([outcome.code, outcome.stdout]).toEqual([0, 'All is well.\n']);
    expect(outcome.stderr).toContain('$ echo hi\n  hi\n  exit 0 after ');
    expect(outcome.stderr).toContain('All is well.\n');
    expect(outcome.stderr).toMatch(/\ncompleted after \d+ ms, \d+ tokens \(\d+ in, \d+ out\)\n$/);
  });

  it('shows the final message once where both outputs are a terminal', async () => {
    const [stdout, stderr] = [sink(true), sink(true)];
    await exec(await start(), 'say Once.', { stdout: stdout.stream, stderr: stderr.stream, colors: false });
    expect(stdout.text()).toBe('');
    expect(stderr.text().match(/Once\./g)).toHaveLength(2); // The prompt, and the message.
  });

  it('lets no control character of the model reach a terminal, and leaves a file as it is', async () => {
    const prompt = "run printf '\\033[2Jx'\nsay \u001b[31mred";
    const stderr = sink(true);
    const outcome = await exec(await start(), prompt, { stderr: stderr.stream, colors: false });
    expect(stderr.text()).not.toContain('\u001b');
    expect(outcome.stdout).toBe('\u001b[31mred\n');
  });

  it('writes the final message into a file, and says so when it cannot', async () => {
    const server = await start();
    const path = join(directory, 'last.txt');
    expect((await exec(server, 'say first\nsay last', { outputLastMessage: path })).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('last');
    const failed = await exec(server, 'say last', { outputLastMessage: join(directory, 'no', 'last.txt') });
    expect([failed.code, failed.stdout]).toEqual([1, 'last\n']);
    expect(failed.stderr).toContain('error: cannot write the last message: ENOENT');
  });

  it('leaves the file alone when the turn failed', async () => {
    const path = join(directory, 'last.txt');
    const outcome = await exec(await start(), 'say half\nfail no', { outputLastMessage: path });
    expect([outcome.code, outcome.stdout, existsSync(path)]).toEqual([1, '', false]);
    expect(outcome.stderr).toContain('error: no\n');
  });

  it('goes on without a reader of its output', async () => {
    const left = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const gone = (): Writable => new Writable({ write: (_chunk, _encoding, callback) => callback(left) });
    const prompt = 'write a.txt done\nsay hi';
    expect((await exec(await start(), prompt, { stdout: gone(), stderr: gone() })).code).toBe(0);
    expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('done\n');
  });
});

describe('runExec', () => {
  it('refuses every question, and what was asked for does not happen (AP-2)', async () => {
    const prompt = 'run touch made.txt\nask Really?';
    const outcome = await exec(await start(), prompt, { approvalPolicy: 'untrusted', json: true });
    expect([outcome.code, existsSync(join(directory, 'made.txt'))]).toEqual([0, false]);
    const commands = eventsOf(outcome).filter(
      (event) => event.type === 'item.completed' && event.item.type === 'command_execution',
    );
    expect(commands).toEqual([
      expect.objectContaining({ item: expect.objectContaining({ status: 'failed' }) }),
    ]);
  });

  it('begins no turn when it was stopped before', async () => {
    const outcome = await exec(await start(), 'say hi', { json: true, signal: AbortSignal.abort() });
    expect([outcome.code, typesOf(outcome)]).toEqual([130, ['thread.started']]);
  });

  it('tells what the server refused, with nothing on standard output', async () => {
    const outcome = await exec(await start(), 'say hi', { modelProvider: 'nobody', json: true });
    expect([outcome.code, outcome.stdout]).toEqual([1, '']);
    expect(outcome.stderr).toContain('error: thread/start failed: ');
    expect(outcome.stderr).toContain('`nobody` not found');
  });

  it('leaves the client open and its events to others', async () => {
    const server = await start();
    expect((await exec(server, 'say one')).stdout).toBe('one\n');
    expect((await exec(server, 'say two')).stdout).toBe('two\n');
    await server.events().return?.();
    expect((await server.request('thread/loaded/list')).data).toHaveLength(2);
  });

  it('fails when the events end before the turn does', async () => {
    const outcome = await exec(new Client(brokenLink()), 'say hi', { json: true });
    expect(outcome.code).toBe(1);
    expect(eventsOf(outcome).at(-1)).toEqual({
      type: 'turn.failed',
      error: { message: 'the event stream ended before the turn did' },
    });
  });
});

/** A server that takes the turn and is never heard of again. */
function brokenLink(): Link {
  const silent: EventSource = {
    arrived: 0,
    isHeld: false,
    open() {},
    pause() {},
    tryReceive: () => undefined,
    receive: async () => undefined,
  };
  const gone = new TransportError('BrokenPipe', 'turn/start');
  const ended: Promise<Turn> = Promise.reject(gone);
  const run: RunLink = { events: silent, ended, complete() {}, cancel() {} };
  const results: Readonly<Record<string, unknown>> = {
    'thread/start': { thread: { id: 'thread' } },
    'turn/start': { turn: newTurn({ id: 'turn' }) },
  };
  return {
    clock: { now: () => 0, monotonic: () => 0, schedule: () => () => {} },
    events: silent,
    diagnostics: undefined,
    request: (method) => (method in results ? Promise.resolve(results[method]) : Promise.reject(gone)),
    notify() {},
    respond() {},
    openRun: () => run,
    setRequestHandler() {},
    connect: () => Promise.reject(gone),
    beginShutdown: async () => {},
    finishShutdown: async () => {},
  };
}
