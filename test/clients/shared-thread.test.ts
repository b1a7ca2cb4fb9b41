import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import type { Client, ClientEvent } from '@millrace/client';
import { attachInProcess } from '@millrace/client/in-process';
import { connectUnix, connectWebSocket } from '@millrace/client/remote';
import { LIMITS, type RequestId } from '@millrace/protocol';
import { type Server, startRuntime } from '@millrace/runtime';
import { type ListenAddress, Listener } from '@millrace/transport';
import { expect, onTestFinished, test } from 'vitest';
import { type Line, WirePeer } from '../runtime/wire-peer.js';

const clientInfo = { name: 'test', version: '1' };
const capabilities = { legacyEvents: true };

/** What a client is told, whatever way it came. */
interface Told {
  readonly method?: string | undefined;
  readonly id?: RequestId | undefined;
  readonly params?: unknown;
}

/** One of those who share a thread. */
interface Member {
  readonly way: string;
  request(method: 'thread/start' | 'thread/resume' | 'turn/start', params: object): Promise<unknown>;
  /** Says yes to a question. */
  accept(id: RequestId): void;
  /** Reads up to and including the first event of that method. */
  readTo(method: string): Promise<readonly Told[]>;
}

function clientMember(way: string, client: Client): Member {
  const events = client.events();
  return {
    way,
    request: (method, params) =>
      (client.request as (method: string, params: object) => Promise<unknown>)(method, params),
    accept: (id) => client.respond(id, { decision: 'accept' }),
    readTo: async (method) => {
      const told: Told[] = [];
      for (;;) {
        const event = (await events.next()).value as ClientEvent | undefined;
        if (event === undefined || !('method' in event))
          throw new Error(`${way}: ${event?.type ?? 'the end'}`);
        const { type: _, ...rest } = event;
        told.push(rest);
        if (event.method === method) return told;
      }
    },
  };
}

/** A client over the pipes, as other programs are: it says `jsonrpc`, as JSON-RPC 2.0 wants it. */
function pipeMember(peer: WirePeer): Member {
  let read = 0;
  let asked = 0;
  return {
    way: 'stdio',
    request: async (method, params) => {
      asked += 1;
      const id = `pipe-${asked}`;
      peer.say({ jsonrpc: '2.0', id, method, params });
      const { result, error } = await peer.until((line) => line.id === id && line.method === undefined);
      if (error !== undefined) throw new Error(error.message);
      return result;
    },
    accept: (id) => peer.say({ jsonrpc: '2.0', id, result: { decision: 'accept' } }),
    readTo: async (method) => {
      const last = await peer.until((line) => line.method === method && peer.lines.indexOf(line) >= read);
      const told = peer.lines.slice(read, peer.lines.indexOf(last) + 1);
      read += told.length;
      return told.filter((line) => line.method !== undefined).map(({ text: _, ...line }: Line) => line);
    },
  };
}

async function listen(server: Server, address: ListenAddress): Promise<string> {
  const listener = await Listener.open({
    address: address as Extract<ListenAddress, { readonly type: 'unix' | 'websocket' }>,
    auth: undefined,
    clock: systemClock,
    onPeer: (transport) => {
      const { channelCapacity, slowConsumerGraceMs } = LIMITS;
      void server.serve(transport, { channelCapacity, slowConsumerGraceMs, onMalformed: () => {} });
    },
  });
  onTestFinished(() => listener.close());
  return listener.url;
}

/** One runtime, and a client of each kind. */
async function gather(): Promise<{ readonly members: readonly Member[]; readonly home: string }> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-shared-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const environment = { PATH: process.env.PATH, HOME: home };
  const server = await startRuntime({ home: join(home, 'home'), cwd: home, environment });
  onTestFinished(() => server.finishShutdown());
  const path = join(home, 'run', 's.sock');
  const url = await listen(server, { type: 'websocket', host: '127.0.0.1', port: 0 });
  await listen(server, { type: 'unix', path });
  const who = { clientInfo, capabilities };
  const members = [
    clientMember('in process', await attachInProcess(server, who)),
    clientMember('websocket', await connectWebSocket(url, who)),
    clientMember('unix socket', await connectUnix(path, who)),
    pipeMember(await WirePeer.connect(server, { capabilities })),
  ];
  return { members, home };
}

/** Of these only the last one of several is certain to come, and deltas may be joined. */
const VOLATILE = /\/changed$|tokenUsage|token_count|\/updated$|delta$|Delta$/;

/** What has to be the same for everybody: what happened, in order, and the whole text of the deltas. */
function digest(told: readonly Told[]): readonly unknown[] {
  const text = (method: string): string =>
    told
      .filter((event) => event.method === method)
      .map(({ params }) => {
        const { delta, msg } = params as {
          readonly delta?: string;
          readonly msg?: { readonly delta: string };
        };
        return delta ?? msg?.delta;
      })
      .join('');
  const lasting = told
    .filter(({ method }) => method !== undefined && !VOLATILE.test(method))
    .map(({ method, id, params }) => ({ method, id, params }));
  return [text('item/agentMessage/delta'), text('codex/event/agent_message_delta'), ...lasting];
}

test('four clients, in process, on a websocket, on a unix socket and on pipes, share one thread: each sees all that the others do (AP-6, EV-2, EV-9)', async () => {
  const { members, home } = await gather();
  const [first, ...others] = members as [Member, ...Member[]];
  const { thread } = (await first.request('thread/start', {
    cwd: home,
    sandbox: 'danger-full-access',
    approvalPolicy: 'untrusted',
  })) as { readonly thread: { readonly id: string } };
  const threadId = thread.id;
  for (const member of others) {
    await member.readTo('thread/started');
    await member.request('thread/resume', { threadId });
  }
  await first.readTo('thread/started');
  for (const [index, starter] of members.entries()) {
    const text = `say hello from ${starter.way}\nrun touch ${index}\nsay done`;
    await starter.request('turn/start', { threadId, input: [{ type: 'text', text }] });
    const beginnings = await Promise.all(
      members.map((member) => member.readTo('item/commandExecution/requestApproval')),
    );
    // Whoever comes next answers, and not whoever has started the turn.
    const { id } = beginnings[0]?.at(-1) ?? {};
    members[(index + 1) % members.length]?.accept(id ?? '');
    const ends = await Promise.all(members.map((member) => member.readTo('turn/completed')));
    const digests = beginnings.map((beginning, member) => digest([...beginning, ...(ends[member] ?? [])]));
    for (const other of digests.slice(1)) expect(other).toEqual(digests[0]);
    expect(digests[0]?.slice(0, 2)).toEqual([
      `hello from ${starter.way}done`,
      `hello from ${starter.way}done`,
    ]);
    const methods = digests[0]?.map((event) => (event as Told).method);
    expect(methods?.slice(-2)).toEqual(['codex/event/task_complete', 'turn/completed']);
    expect(methods).toContain('serverRequest/resolved');
  }
});
