// A program as users of this package write them. Run as: node PROGRAM STEP COMMAND DIRECTORY; exit code 0 when the step works.
import assert from 'node:assert/strict';
import { streamText } from 'ai';
import { createCodexAppServer } from 'ai-sdk-provider-codex-app-server';

const [step, codexPath, cwd] = process.argv.slice(2);
let session;
const settings = {
  codexPath,
  cwd,
  env: { ...process.env },
  approvalMode: 'never',
  sandboxMode: 'danger-full-access',
  logger: false,
  onSessionCreated: (created) => {
    session = created;
  },
};
const provider = createCodexAppServer({ defaultSettings: settings });
const model = provider('scripted');

async function deltasOf(result, onDelta = () => {}) {
  const deltas = [];
  for await (const delta of result.textStream) {
    deltas.push(delta);
    await onDelta(delta);
  }
  return deltas;
}

const steps = {
  async streams() {
    assert.deepEqual(await deltasOf(streamText({ model, prompt: 'Say hello' })), ['Hello ', 'there.']);
  },
  async continues() {
    const first = streamText({ model, prompt: 'Say hello' });
    await deltasOf(first);
    const { sessionId } = (await first.providerMetadata).codex;
    model.dispose();
    const resumed = provider('scripted', { resume: sessionId });
    assert.deepEqual(await deltasOf(streamText({ model: resumed, prompt: 'Carry on' })), ['On we go.']);
    assert.equal(session.threadId, sessionId);
    resumed.dispose();
  },
  async runs() {
    const result = streamText({ model, prompt: 'Run it' });
    assert.equal((await deltasOf(result)).join(''), 'The tool said it ran.');
  },
  async injects() {
    const result = streamText({ model, prompt: 'Wait for me' });
    const deltas = await deltasOf(result, async (delta) => {
      if (delta === 'I am waiting') await session.injectMessage('Carry on');
    });
    assert.deepEqual(deltas, ['I am waiting', 'On we go.']);
  },
};

await steps[step]();
model.dispose();
