import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import type { ThreadItem } from '@millrace/protocol';
import { memoryStore } from '@millrace/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from './test-runtime.js';
import { Transcript, textOf } from './transcript.js';

/** Every instruction of the scripted model that produces something. */
const PROMPT = `think about it well
say hello to the world
plan look; change; check
run printf 'one\\ntwo\\n'
write notes.txt first line
edit notes.txt first line => second line
run! printf escalated > escalated.txt
run exit 3
ask is this right?
stream 300
say done`;

/** A grace that no machine is too slow for: a turn waits for its reader, so that nothing may be missing. */
const NO_HURRY_MS = 600_000;

async function startClient(
  channelCapacity: number,
): Promise<{ readonly client: Client; readonly cwd: string }> {
  const cwd = await temporaryDirectory();
  const environment = { PATH: process.env.PATH, HOME: cwd };
  const options = {
    home: join(cwd, 'home'),
    cwd,
    environment,
    model: scriptedModel(),
    store: memoryStore(),
    channelCapacity,
  };
  const clientInfo = { name: 'test', version: '1' };
  const client = await startInProcess({ ...options, clientInfo, slowConsumerGraceMs: NO_HURRY_MS });
  onTestFinished(() => client.shutdown());
  return { client, cwd };
}

/** Reads to the end of a turn, answers every question with yes, and asks something in between. */
async function readTurn(client: Client, transcript: Transcript, threadId: string): Promise<string[]> {
  const asked: string[] = [];
  for await (const event of client.events()) {
    expect(event.type).not.toBe('lagged');
    transcript.read(event);
    if (event.type === 'request') {
      asked.push(event.method);
      // The one queue to the server may hold a single message, so the question comes before the answer.
      await client.request('thread/read', { threadId });
      client.respond(event.id, answerTo(event.method));
    }
    if (event.type === 'notification' && event.method === 'turn/completed') return asked;
  }
  throw new Error('the stream ended before the turn');
}

function answerTo(method: string): unknown {
  return method === 'item/tool/requestUserInput'
    ? { answers: { answer: { answers: ['Yes'] } } }
    : { decision: 'accept' };
}

function outcome(item: ThreadItem): unknown {
  if (item.type === 'commandExecution')
    return { status: item.status, exitCode: item.exitCode, output: item.aggregatedOutput };
  return item.type === 'fileChange' ? { status: item.status } : textOf(item);
}

describe.each([1, 0, 2, 128])('with a channel capacity of %i', (channelCapacity) => {
  it('a whole turn runs, with commands, patches, a plan and questions, and the stream says what the server says (EV-2, EV-4, EV-9)', async () => {
    const { client, cwd } = await startClient(channelCapacity);
    const params = { cwd, sandbox: 'workspace-write', approvalPolicy: 'on-request' } as const;
    const { thread } = await client.request('thread/start', params);
    const threadId = thread.id;
    const transcript = new Transcript(threadId);
    const { turn } = await client.request('turn/start', {
      threadId,
      input: [{ type: 'text', text: PROMPT }],
    });

    const asked = await readTurn(client, transcript, threadId);

    expect(asked).toContain('item/commandExecution/requestApproval');
    expect(asked).toContain('item/tool/requestUserInput');
    const read = await client.request('thread/read', { threadId, includeTurns: true });
    const [stored] = read.thread.turns;
    expect(read.thread.turns).toHaveLength(1);
    expect(stored).toMatchObject({ id: turn.id, status: 'completed', error: null });
    expect(transcript.items(turn.id)).toEqual(stored?.items);
    expect(transcript.turns.get(turn.id)?.status).toBe('completed');
    expect(transcript.status).toEqual(read.thread.status);
    for (const item of stored?.items ?? []) {
      if (textOf(item) !== '') expect(transcript.streamed.get(item.id)).toBe(textOf(item));
    }
    expect((stored?.items ?? []).map(({ type }) => type)).toEqual([
      'userMessage',
      'reasoning',
      'agentMessage',
      'commandExecution',
      'fileChange',
      'fileChange',
      'commandExecution',
      'commandExecution',
      'agentMessage',
      'agentMessage',
    ]);
    const actions = (stored?.items ?? []).filter(
      ({ type }) => type === 'commandExecution' || type === 'fileChange',
    );
    expect(actions.map(outcome)).toEqual([
      { status: 'completed', exitCode: 0, output: 'one\ntwo\n' },
      { status: 'completed' },
      { status: 'completed' },
      { status: 'completed', exitCode: 0, output: null },
      { status: 'failed', exitCode: 3, output: null },
    ]);
    expect(transcript.plan).toHaveLength(3);
    expect(transcript.diff).toContain('+second line');
    await expect(readFile(join(cwd, 'notes.txt'), 'utf8')).resolves.toBe('second line\n');
    await expect(readFile(join(cwd, 'escalated.txt'), 'utf8')).resolves.toBe('escalated');
  });

  it('a run has its own view, and the default view shows nothing of its turn (EV-2)', async () => {
    const { client, cwd } = await startClient(channelCapacity);
    const { thread } = await client.request('thread/start', { cwd });
    const run = client.runTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'think a\nstream 100\nsay b' }],
    });
    const transcript = new Transcript(thread.id);
    for await (const event of run) transcript.read(event);

    const turn = await run.completed;
    expect(turn.status).toBe('completed');
    expect(transcript.methods.at(-1)).toBe('turn/completed');
    const read = await client.request('thread/read', { threadId: thread.id, includeTurns: true });
    expect(transcript.items(turn.id)).toEqual(read.thread.turns[0]?.items);

    await client.beginShutdown();
    const reading = client.events();
    const finished = client.finishShutdown();
    const seen: unknown[] = [];
    for await (const event of reading)
      if (event.type === 'notification') seen.push((event.params as { turnId?: string }).turnId);
    await finished;
    expect(seen).not.toContain(turn.id);
  });
});
