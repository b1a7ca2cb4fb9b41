import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDeferred } from '@millrace/channel';
import type { Client, ClientEvent } from '@millrace/client';
import { type ChildServerOptions, spawnAppServer } from '@millrace/client/stdio';
import type { Turn } from '@millrace/protocol';
import { escalate, hang, say, sayOnce } from './conversing-model.js';
import { equal } from './equal.js';
import { Stage, stageEnvironment } from './stage.js';
import type { Suite } from './suite.js';

interface Driven {
  readonly stage: Stage;
  readonly spawn: () => Promise<Client>;
  /** Lets the model go on with its first message. */
  readonly openGate: () => void;
  client: Client;
  threadId: string;
}

/** Our client, typed and with its bounded views, drives a server as its child over standard input and output. */
export function ourClient(name: string, server: Pick<ChildServerOptions, 'command' | 'args'>): Suite<Driven> {
  return {
    name,
    open: () => drive(server),
    close: async ({ client, stage }) => {
      await client.shutdown();
      await stage.close();
    },
    steps: [
      { name: 'a turn streams its deltas, and completes with their sum', run: streams },
      { name: 'a command is asked for, accepted, and runs', run: (driven) => approves(driven, 'accept') },
      {
        name: 'a command is asked for, declined, and does not run',
        run: (driven) => approves(driven, 'decline'),
      },
      { name: 'a turn is interrupted, and the next one works', run: interrupts },
      { name: 'a thread is resumed by another process, with its turns', run: resumes },
      { name: 'a request that is refused rejects with the error of the server', run: refuses },
    ],
  };
}

async function drive(server: Pick<ChildServerOptions, 'command' | 'args'>): Promise<Driven> {
  const gate = createDeferred<void>();
  const stage: Stage = await Stage.open({
    'Say hello': sayOnce(gate.promise, 'Hello there, ', 'captain.'),
    accept: (id) => escalate(`touch ${join(stage.work, 'accept')}; echo it ran`)(id),
    decline: (id) => escalate(`touch ${join(stage.work, 'decline')}`)(id),
    'Wait for me': hang('I am waiting'),
    'Carry on': say('On we go.'),
  });
  const env = stageEnvironment(stage.makeHome('home'));
  const spawn = () =>
    spawnAppServer({
      ...server,
      env,
      cwd: stage.work,
      clientInfo: { name: 'interop', title: null, version: '1.0.0' },
      capabilities: { experimentalApi: true },
    });
  const client = await spawn();
  const { thread } = await client.request('thread/start', { cwd: stage.work, approvalPolicy: 'on-request' });
  return { stage, spawn, openGate: () => gate.resolve(), client, threadId: thread.id };
}

async function streams({ client, threadId, openGate }: Driven): Promise<void> {
  const deltas: string[] = [];
  const turn = client.runTurn(input(threadId, 'Say hello'));
  for await (const event of turn) {
    if (event.type !== 'notification' || event.method !== 'item/agentMessage/delta') continue;
    deltas.push(event.params.delta);
    openGate();
  }
  equal(deltas, ['Hello there, ', 'captain.']);
  equal((await turn.completed).status, 'completed');
}

async function approves({ client, threadId, stage }: Driven, decision: 'accept' | 'decline'): Promise<void> {
  const asked: string[] = [];
  const turn = client.runTurn(input(threadId, decision));
  for await (const event of turn) {
    if (event.type !== 'request') continue;
    asked.push(event.method);
    client.respond(event.id, { decision });
  }
  equal(asked, ['item/commandExecution/requestApproval']);
  equal((await turn.completed).status, 'completed');
  equal(existsSync(join(stage.work, decision)), decision === 'accept');
}

async function interrupts({ client, threadId }: Driven): Promise<void> {
  const turn = client.runTurn(input(threadId, 'Wait for me'));
  for await (const event of turn) if (isDelta(event)) await turn.interrupt();
  equal((await turn.completed).status, 'interrupted');
  equal((await client.runTurn(input(threadId, 'Carry on')).completed).status, 'completed');
}

async function resumes(driven: Driven): Promise<void> {
  await driven.client.shutdown();
  driven.client = await driven.spawn();
  const { thread } = await driven.client.request('thread/resume', { threadId: driven.threadId });
  equal(thread.id, driven.threadId);
  equal(answersOf(thread.turns).includes('Hello there, captain.'), true);
  const turn = driven.client.runTurn(input(driven.threadId, 'Carry on'));
  equal((await turn.completed).status, 'completed');
}

async function refuses({ client, threadId }: Driven): Promise<void> {
  const refused = await client.request('turn/interrupt', { threadId, turnId: 'no-such-turn' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  equal(refused instanceof Error && 'code' in refused && refused.code, -32_600);
}

function isDelta(event: ClientEvent): boolean {
  return event.type === 'notification' && event.method === 'item/agentMessage/delta';
}

function answersOf(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ items }) =>
    items.flatMap((item) => (item.type === 'agentMessage' ? [item.text] : [])),
  );
}

function input(threadId: string, text: string) {
  return { threadId, input: [{ type: 'text' as const, text }] };
}
