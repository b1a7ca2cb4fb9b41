import type { Client, ClientEvent } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedProcesses } from './scripted-processes.js';
import { macrotask, temporaryDirectory } from './test-runtime.js';

const clientInfo = { name: 'test', version: '1' };

/** A client with room for one event, on a server whose time stands still: what waits for a grace waits for ever. */
async function tightClient(): Promise<Client> {
  const clock = new VirtualClock();
  const home = await temporaryDirectory();
  const model = scriptedModel({ clock });
  const processes = new ScriptedProcesses();
  const options = {
    clientInfo,
    home,
    cwd: home,
    clock,
    model,
    processes,
    store: memoryStore(),
    channelCapacity: 1,
  };
  const client = await startInProcess(options);
  onTestFinished(() => client.shutdown());
  return client;
}

function input(text: string): { type: 'text'; text: string }[] {
  return [{ type: 'text', text }];
}

async function becomesIdle(client: Client, threadId: string): Promise<void> {
  for (;;) {
    const { thread } = await client.request('thread/read', { threadId });
    if (thread.status.type === 'idle') return;
    await macrotask();
  }
}

function isEnd(event: ClientEvent): boolean {
  return event.type === 'notification' && event.method === 'turn/completed';
}

describe('a consumer that awaits an answer before it reads its events', () => {
  it('is answered while its queue is full and an end is waiting in it, and reads that end afterwards (EV-2, EV-6)', async () => {
    const client = await tightClient();
    const { thread } = await client.request('thread/start', {});
    const { turn } = await client.request('turn/start', { threadId: thread.id, input: input('stream 500') });
    await becomesIdle(client, thread.id);

    await expect(client.request('thread/loaded/list')).resolves.toMatchObject({ data: [thread.id] });
    await expect(client.request('config/read', {})).resolves.toHaveProperty('config');

    for await (const event of client.events()) {
      if (!isEnd(event)) continue;
      expect(event).toMatchObject({ params: { turn: { id: turn.id, status: 'completed' } } });
      break;
    }
  });

  it('is answered by every method while its turn waits for it, and the turn goes on when it reads (EV-4, EV-6)', async () => {
    const client = await tightClient();
    const { thread } = await client.request('thread/start', {});
    const threadId = thread.id;
    const events = client.events();
    await events.next();
    const { turn } = await client.request('turn/start', {
      threadId,
      input: input('stream 500\nthink well\nsay done'),
    });
    for (let rounds = 0; rounds < 20; rounds += 1) await macrotask();

    await expect(client.request('thread/read', { threadId })).resolves.toMatchObject({
      thread: { status: { type: 'active' } },
    });
    await expect(client.request('thread/resume', { threadId })).resolves.toMatchObject({
      thread: { id: threadId },
    });
    await expect(client.request('model/list', {})).resolves.toHaveProperty('data');
    await expect(client.request('configRequirements/read')).resolves.toHaveProperty('requirements');
    await expect(
      client.request('turn/steer', { threadId, expectedTurnId: turn.id, input: input('say steered') }),
    ).resolves.toEqual({
      turnId: turn.id,
    });
    const second = await client.request('thread/start', {});
    expect(second.thread.id).not.toBe(threadId);

    const read: ClientEvent[] = [];
    for await (const event of events) {
      read.push(event);
      if (isEnd(event)) break;
    }
    expect(read.at(-1)).toMatchObject({ params: { turn: { id: turn.id, status: 'completed' } } });
    // What no turn produces never waits: only the news of the second thread is missing.
    const gaps = read.filter((event) => event.type === 'lagged');
    expect(gaps.flatMap(({ threadIds }) => threadIds)).toEqual([second.thread.id]);
  });

  it('can await requests inside its event loop, whatever event it is at (EV-6)', async () => {
    const client = await tightClient();
    const { thread } = await client.request('thread/start', {});
    const threadId = thread.id;
    await client.request('turn/start', { threadId, input: input('think first\nstream 200\nrun ls') });
    let turns = 0;
    let answers = 0;
    for await (const event of client.events()) {
      await client.request('thread/read', { threadId });
      answers += 1;
      if (event.type === 'request') client.respond(event.id, { decision: 'accept' });
      if (!isEnd(event)) continue;
      turns += 1;
      if (turns === 3) break;
      await client.request('turn/start', { threadId, input: input('stream 200') });
    }
    expect(turns).toBe(3);
    expect(answers).toBeGreaterThan(20);
  });

  it('can interrupt its turn inside its event loop, which is answered though nothing is read meanwhile (EV-6)', async () => {
    const client = await tightClient();
    const { thread } = await client.request('thread/start', {});
    const threadId = thread.id;
    const { turn } = await client.request('turn/start', {
      threadId,
      input: input('stream 1000\nsleep 600000'),
    });
    const seen: string[] = [];
    for await (const event of client.events()) {
      if (event.type !== 'notification') continue;
      seen.push(event.method);
      if (event.method === 'item/agentMessage/delta' && !seen.includes('interrupted')) {
        await expect(client.request('turn/interrupt', { threadId, turnId: turn.id })).resolves.toEqual({});
        seen.push('interrupted');
      }
      if (!isEnd(event)) continue;
      expect(event).toMatchObject({ params: { turn: { id: turn.id, status: 'interrupted' } } });
      break;
    }
    expect(seen).toContain('interrupted');
  });

  it('that leaves its loop while a turn waits for it lets that turn go on, and comes back to a healed state (EV-4, EV-5)', async () => {
    const client = await tightClient();
    const { thread } = await client.request('thread/start', {});
    const threadId = thread.id;
    const events = client.events();
    await events.next();
    const { turn } = await client.request('turn/start', { threadId, input: input('think a\nsay b') });
    for (let rounds = 0; rounds < 20; rounds += 1) await macrotask();
    await events.return?.();
    await becomesIdle(client, threadId);

    const kinds: string[] = [];
    for await (const event of client.events()) {
      kinds.push(event.type);
      if (!isEnd(event)) continue;
      expect(event).toMatchObject({ params: { turn: { id: turn.id } } });
      break;
    }
    expect(kinds).toContain('lagged');
    expect(kinds[kinds.indexOf('lagged') + 1]).toBe('resynced');
  });

  it('does not leave a second turn behind when the first one took the room that both waited for (EV-2, EV-4)', async () => {
    const client = await tightClient();
    const events = client.events();
    const threads = [await client.request('thread/start', {}), await client.request('thread/start', {})];
    for (const { thread } of threads) {
      await client.request('turn/start', { threadId: thread.id, input: input('think a\nsay b\nthink c') });
    }
    for (let rounds = 0; rounds < 20; rounds += 1) await macrotask();
    let ends = 0;
    for await (const event of events) {
      if (isEnd(event)) ends += 1;
      if (ends === 2) break;
    }
    expect(ends).toBe(2);
  });
});
