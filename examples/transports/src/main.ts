/**
 * The same program over every way to a server: only `connect` knows which.
 *
 *     npm start --workspace examples/transports -- in-process | child | ws://HOST:PORT | unix://PATH
 */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { answerRequests, type Client } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { connectUnix, connectWebSocket } from '@millrace/client/remote';
import { spawnAppServer } from '@millrace/client/stdio';

const clientInfo = { name: 'transports', version: '1' };
const SERVER = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

function connect(way: string): Promise<Client> {
  if (way === 'in-process') return startInProcess({ clientInfo });
  if (way === 'child') {
    const args = ['--import', 'tsx', '--conditions=millrace-source', SERVER, 'app-server'];
    return spawnAppServer({ clientInfo, command: process.execPath, args });
  }
  if (way.startsWith('unix://'))
    return connectUnix(way.slice('unix://'.length), { clientInfo, reconnectMs: 60_000 });
  return connectWebSocket(way, { clientInfo, reconnectMs: 60_000 });
}

const [way = 'in-process', prompt = 'say The same, whichever way.'] = process.argv.slice(2);
const client = await connect(way);
try {
  client.setRequestHandler(answerRequests()); // Nobody is here to answer: every question is refused.
  const thread = await client.startThread({ cwd: tmpdir(), ephemeral: true });
  const run = thread.run(prompt, { timeoutMs: 60_000 });
  for await (const event of run) {
    if (event.type === 'notification' && event.method === 'item/agentMessage/delta') {
      process.stdout.write(event.params.delta);
    }
  }
  const { status } = await run.completed;
  console.log(`\n${way}: ${status}`);
  if (status !== 'completed') process.exitCode = 1;
} finally {
  await client.shutdown();
}
