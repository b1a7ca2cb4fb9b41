// A program as users of this package write them. Run as: node PROGRAM STEP COMMAND DIRECTORY; exit code 0 when the step works.
import assert from 'node:assert/strict';
import { generateText, streamText } from 'ai';
import { createCodexAppServer } from 'ai-sdk-provider-codex-cli';

const [step, codexPath, cwd] = process.argv.slice(2);
const approvals = [];
const provider = createCodexAppServer({
  defaultSettings: {
    codexPath,
    cwd,
    env: { ...process.env },
    approvalPolicy: 'on-request',
    serverRequests: {
      onCommandExecutionApproval: async (request) => {
        approvals.push(request);
        return { decision: 'accept' };
      },
    },
  },
});
const model = provider('scripted');

const steps = {
  async streams() {
    const result = streamText({ model, prompt: 'Say hello' });
    const deltas = [];
    for await (const delta of result.textStream) deltas.push(delta);
    assert.deepEqual(deltas, ['Hello ', 'there.']);
    assert.equal(await result.finishReason, 'stop');
  },
  async continues() {
    const persistent = { 'codex-app-server': { threadMode: 'persistent' } };
    const first = await generateText({ model, prompt: 'Say hello', providerOptions: persistent });
    const threadId = first.finalStep.providerMetadata['codex-app-server'].threadId;
    const providerOptions = { 'codex-app-server': { threadId } };
    const second = await generateText({ model, prompt: 'Carry on', providerOptions });
    assert.equal(second.text, 'On we go.');
    assert.equal(second.finalStep.providerMetadata['codex-app-server'].threadId, threadId);
  },
  async approves() {
    const result = await generateText({ model, prompt: 'Ask for it' });
    assert.equal(result.text, 'The tool said it ran.');
    assert.equal(approvals.length, 1);
    assert.equal(result.finalStep.providerMetadata['codex-app-server'].toolExecutionStats.byType.exec, 1);
  },
  async aborts() {
    const abort = new AbortController();
    const result = streamText({ model, prompt: 'Wait for me', abortSignal: abort.signal, onError: () => {} });
    const parts = [];
    for await (const part of result.fullStream) {
      parts.push(part.type);
      if (part.type === 'text-delta') abort.abort();
    }
    assert.ok(parts.includes('abort'), parts.join());
  },
};

await steps[step]();
await provider.close();
