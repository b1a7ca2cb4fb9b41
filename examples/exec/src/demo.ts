/**
 * The demo: `npm run demo`, or `npm run demo -- "<prompt>"` with instructions of your own, one a line.
 *
 * An agent in this process reads a file, changes it after an approval and checks the result. The command, the file and the approvals
 * are real; only the model is a script, named as such also where a key is set. It checks its own result and exits with 1 when that is
 * not as it should be.
 */
import { startInProcess } from '@millrace/client/in-process';
import { createPaint, wantsColors } from '@millrace/exec';
import { scriptedModel } from '@millrace/model';
import { DemoRun } from './demo-run.js';
import { checkDemo, summarizeDemo } from './demo-summary.js';
import { TemporaryWorkspace } from './temporary-workspace.js';

const FILES = { 'note.txt': 'title: the millrace\nstatus: draft\n' };

const PROMPT = `think The note is still a draft. I read it, change its status, and check the result.
plan Read the note; Change its status; Check the result
run cat note.txt
edit note.txt status: draft => status: done
run grep status note.txt
say The note is done: its status was changed from draft to done, and grep agrees.`;

const paint = createPaint(wantsColors(process.stdout, process.env));
const write = (text: string): void => void process.stdout.write(text);
// Whoever reads may leave early; the turn goes on and cleans up all the same.
process.stdout.on('error', () => {});
const ownPrompt = process.argv.slice(2).join(' ').trim();
const workspace = await TemporaryWorkspace.create(FILES);
const client = await startInProcess({
  clientInfo: { name: 'millrace_demo', title: 'Millrace demo', version: '0.1.0' },
  home: workspace.home,
  model: scriptedModel(),
});
try {
  const before = await workspace.readFiles();
  const run = new DemoRun(client, { workspace: workspace.path, paint, write });
  process.once('SIGINT', () => void run.interrupt());
  const result = await run.run(ownPrompt === '' ? PROMPT : ownPrompt);
  const report = { result, before, after: await workspace.readFiles() };

  for (const line of summarizeDemo(report, paint)) write(`${line}\n`);
  const problems = checkDemo(
    report,
    ownPrompt === '' ? { 'note.txt': 'title: the millrace\nstatus: done\n' } : undefined,
  );
  for (const problem of problems) write(`${paint('red', `NOT AS EXPECTED: ${problem}`)}\n`);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await client.shutdown();
  await workspace.remove();
}
