/**
 * The agent in your own process: start a server, run a prompt, read the result, shut down.
 *
 * The model is the scripted one, so this runs without a key and without a network. Leave `model` out to use the provider of
 * `config.toml`.
 */
import assert from 'node:assert/strict';
import { startInProcess } from '@millrace/client/in-process';
import { runExec } from '@millrace/exec';
import { scriptedModel } from '@millrace/model';
import { TemporaryWorkspace } from './temporary-workspace.js';

const workspace = await TemporaryWorkspace.create({});
const client = await startInProcess({
  clientInfo: { name: 'example_exec', version: '0.1.0' },
  home: workspace.home,
  model: scriptedModel(),
});
try {
  const exitCode = await runExec(client, {
    prompt: 'write greeting.txt Hello from the agent.\nsay The greeting is written.',
    cwd: workspace.path,
    sandbox: 'workspace-write',
    stdout: process.stdout,
    stderr: process.stderr,
  });

  assert.equal(exitCode, 0);
  const files = await workspace.readFiles();
  assert.equal(files.get('greeting.txt'), 'Hello from the agent.\n');
} finally {
  await client.shutdown();
  await workspace.remove();
}
