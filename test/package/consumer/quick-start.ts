/** The quick start of the README, as a program of somebody who installed the packages. Prints the agent's last words. */
import { startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';

const client = await startInProcess({
  clientInfo: { name: 'consumer-check', version: '1.0.0' },
  model: scriptedModel(),
  store: memoryStore(),
});
try {
  const { thread } = await client.request('thread/start', { cwd: process.cwd() });
  const { turn } = await client.request('turn/start', {
    threadId: thread.id,
    input: [{ type: 'text', text: 'say It works.' }],
  });
  for await (const event of client.events()) {
    if (event.type === 'lagged') console.warn(`missed ${event.skipped} events`);
    if (event.type !== 'notification') continue;
    if (event.method === 'item/completed' && event.params.item.type === 'agentMessage') {
      console.log(event.params.item.text);
    }
    if (event.method === 'turn/completed' && event.params.turn.id === turn.id) break;
  }
} finally {
  await client.shutdown();
}
