/**
 * A terminal UI with the runtime inside its own process.
 *
 *     npm start [-- --scripted]
 *
 * It speaks to the provider of `config.toml`; without one, or with `--scripted`, to the scripted model, which carries out instructions
 * such as `run ls` or `stream 1000`, one a line. Enter sends, Esc interrupts, Ctrl-C twice or /quit ends.
 */
import { parseArgs } from 'node:util';
import { startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { render } from 'ink';
import { App } from './app.js';
import { Session } from './session.js';

const { values } = parseArgs({ options: { scripted: { type: 'boolean', default: false } } });
const client = await startInProcess({
  clientInfo: { name: 'tui_example', title: 'TUI example', version: '0.1.0' },
  ...(values.scripted ? { model: scriptedModel() } : {}),
});
try {
  const session = await Session.start(client);
  const reading = session.read();
  await render(<App session={session} />, { exitOnCtrlC: false }).waitUntilExit();
  await client.shutdown();
  await reading;
} finally {
  await client.shutdown();
}
