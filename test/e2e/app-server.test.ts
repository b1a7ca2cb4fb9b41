import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupEnd, groupMembers, SeededRandom } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppServerProcess } from './app-server-process.js';

async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-e2e-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function writtenPid(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface Queued {
  readonly queuedSubmission: { readonly id: string };
}

interface Resumed {
  readonly thread: {
    readonly turns: readonly { readonly status: string; readonly items: readonly unknown[] }[];
  };
}

describe('millrace app-server as a process', () => {
  it.each([
    ['SIGTERM', 'interrupted'],
    ['SIGHUP', 'interrupted'],
    ['close', undefined],
  ] as const)('ended by %s says of the running turn: %s, ends well and leaves no child (SD-4, SD-5)', async (how, told) => {
    const home = await temporaryHome();
    const server = await AppServerProcess.start(home);
    const threadId = await server.startThread(home);
    await server.startTurn(threadId, `run echo $$ > ${home}/pid; sleep 1000 & sleep 1000`);
    const group = await writtenPid(join(home, 'pid'));
    await expect(server.end(how)).resolves.toEqual([0, null]);
    await groupEnd(group);
    expect(groupMembers(group)).toEqual([]);
    const end = server.lines.find(({ method }) => method === 'turn/completed');
    expect((end?.params?.turn as { readonly status: string } | undefined)?.status).toBe(told);
  });

  it('with --legacy-events tells every client in the old words too, to the last (EV-2, SD-4)', async () => {
    const home = await temporaryHome();
    const server = new AppServerProcess(home, '--legacy-events');
    await server.ask('initialize', { clientInfo: { name: 'old', version: '1' } });
    const threadId = await server.startThread(home);
    await server.startTurn(threadId, 'say hello');
    const end = await server.until(({ method }) => method === 'codex/event/task_complete');
    expect(end.params).toMatchObject({ conversationId: threadId, msg: { last_agent_message: 'hello' } });
    await expect(server.end('SIGTERM')).resolves.toEqual([0, null]);
    expect(server.lines.at(-1)).toEqual({
      method: 'codex/event/shutdown_complete',
      params: { id: '', msg: { type: 'shutdown_complete' }, conversationId: threadId },
    });
  });

  it('killed at once keeps every turn whose end it had told (SD-6, SD-8, TS-1)', async () => {
    const home = await temporaryHome();
    const first = await AppServerProcess.start(home);
    const threadId = await first.startThread(home);
    for (const word of ['one', 'two', 'three']) {
      const told = first.lines.length;
      await first.startTurn(threadId, `say ${word}`);
      await first.until((line) => line.method === 'turn/completed' && first.lines.indexOf(line) >= told);
    }
    await first.startTurn(threadId, 'stream 100000');
    await first.until(
      (line) => line.method === 'item/agentMessage/delta' && String(line.params?.delta).startsWith('9'),
    );
    await expect(first.end('SIGKILL')).resolves.toEqual([null, 'SIGKILL']);

    const second = await AppServerProcess.start(home);
    const { thread } = await second.ask<Resumed>('thread/resume', { threadId });
    expect(thread.turns.slice(0, 3).map(({ status }) => status)).toEqual([
      'completed',
      'completed',
      'completed',
    ]);
    expect(JSON.stringify(thread.turns)).toMatch(/one.*two.*three/);
    await second.startTurn(threadId, 'say four');
    await second.until((line) => line.method === 'turn/completed');
    await second.end('close');
  });

  it('killed right after an answer keeps every submission that is queued, in its place, and the goal (SD-6, SD-8, TS-1)', async () => {
    const home = await temporaryHome();
    const start = async (): Promise<AppServerProcess> => {
      const server = new AppServerProcess(home);
      const capabilities = { experimentalApi: true };
      await server.ask('initialize', { clientInfo: { name: 'e2e', version: '1' }, capabilities });
      return server;
    };
    const first = await start();
    const threadId = await first.startThread(home);
    await first.startTurn(threadId, 'stream 100000');
    const ids: string[] = [];
    for (const word of ['one', 'two', 'three', 'four']) {
      const params = { threadId, input: [{ type: 'text', text: word }], clientUserMessageId: word };
      const { queuedSubmission } = await first.ask<Queued>('thread/queue/add', params);
      ids.unshift(queuedSubmission.id);
    }
    const [last = ''] = ids;
    await first.ask('thread/goal/set', { threadId, objective: 'be kept', status: 'paused' });
    await first.ask('thread/queue/reorder', { threadId, queuedSubmissionIds: ids });
    await first.ask('thread/queue/delete', { threadId, queuedSubmissionId: last });
    await expect(first.end('SIGKILL')).resolves.toEqual([null, 'SIGKILL']);

    const second = await start();
    const queue = await second.ask('thread/queue/list', { threadId });
    expect(queue).toMatchObject({ data: ids.slice(1).map((id) => ({ id })) });
    await second.ask('thread/resume', { threadId });
    const { goal } = await second.ask<{ goal: unknown }>('thread/goal/get', { threadId });
    expect(goal).toMatchObject({ objective: 'be kept', status: 'paused' });
    await second.ask('thread/queue/start', { threadId });
    for (const word of ['three', 'two', 'one']) {
      const isSaid = (line: { params?: { item?: unknown } }): boolean =>
        (line.params?.item as { clientId?: string } | undefined)?.clientId === word;
      await second.until(isSaid);
    }
    await second.end('close');
  });

  it('given 5,000 lines of noise lives, answers what can be answered, and ends well (RQ-9)', async () => {
    const server = await AppServerProcess.start(await temporaryHome());
    const random = new SeededRandom(5);
    for (let count = 0; count < 5_000; count += 1) {
      const length = random.int(0, 80);
      server.write(`${String.fromCodePoint(...Array.from({ length }, () => random.int(32, 0x2fff)))}\n`);
    }
    await expect(server.ask('thread/loaded/list', {})).resolves.toMatchObject({ data: [] });
    await expect(server.end('close')).resolves.toEqual([0, null]);
  });
});
