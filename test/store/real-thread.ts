import { readFile } from 'node:fs/promises';
import { scriptedModel } from '@millrace/model';
import { startRuntime } from '@millrace/runtime';
import { jsonlStore } from '@millrace/store';
import { ScriptedProcesses } from '../runtime/scripted-processes.js';
import { TestPeer } from '../runtime/test-peer.js';

export interface RealThread {
  readonly threadId: string;
  readonly path: string;
  readonly bytes: Buffer;
}

/** A thread as a server keeps it, with messages and commands; nobody has it open any more. */
export async function keepRealThread(directory: string, turns: number): Promise<RealThread> {
  const store = jsonlStore({ directory });
  const server = await startRuntime({
    home: directory,
    cwd: directory,
    environment: {},
    store,
    model: scriptedModel(),
    processes: new ScriptedProcesses(),
  });
  const peer = await TestPeer.connect(server);
  const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
  for (let turn = 0; turn < turns; turn += 1) {
    await peer.startTurn(threadId, turn % 4 === 0 ? `run ls ${turn}` : `say Übergang ${turn} 水車`);
    await peer.readTo('turn/completed');
  }
  const { thread } = await peer.request<{ readonly thread: { readonly path: string } }>('thread/read', {
    threadId,
  });
  await server.finishShutdown();
  return { threadId, path: thread.path, bytes: await readFile(thread.path) };
}
