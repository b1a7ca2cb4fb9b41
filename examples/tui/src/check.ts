/**
 * Uses the example as a person would, in a real pseudo terminal: streaming, an approval, an interrupt, the end. Exits with 1 when
 * anything is not as it should be, and with the reason where a pseudo terminal is not to be had.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Screen } from './screen.js';

const ESCAPE = '\u001b';
const CTRL_C = '\u0003';
const LINE_BREAK = '\n';
const ENTER = '\r';

async function checkConversation(screen: Screen): Promise<void> {
  await screen.waitFor('/quit ends');
  screen.type(
    `stream 300${LINE_BREAK}run! printf 'a\\033[31mred %s' "$((6 * 7))"${LINE_BREAK}say The command is done.`,
  );
  await screen.waitFor('say The command is done.');
  screen.type(ENTER);
  await screen.waitFor('298 299');
  await screen.waitFor('Allow this command?');
  if (screen.text.includes('exit 0')) throw new Error('the command ran before it was allowed');
  screen.type('y');
  await screen.waitFor(/ared 42/); // Its output without the colour.
  await screen.waitFor(/^The command is done\./m);
  await screen.waitFor('idle');
}

async function checkRefusal(screen: Screen): Promise<void> {
  screen.type("run! printf 'never %s' shown");
  await screen.waitFor('shown▌');
  screen.type(ENTER);
  await screen.waitFor('Allow this command?');
  screen.type('n');
  await screen.waitFor('(declined)');
  await screen.waitFor('/quit ends');
  if (screen.text.includes('never shown')) throw new Error('a command ran that was refused');
}

async function checkInterrupt(screen: Screen): Promise<void> {
  screen.type('sleep 60000');
  await screen.waitFor('sleep 60000▌');
  screen.type(ENTER);
  await screen.waitFor('Esc interrupts');
  screen.type(ESCAPE);
  await screen.waitFor('Interrupted.');
  await screen.waitFor('/quit ends');
}

async function checkQuit(screen: Screen): Promise<void> {
  screen.type(CTRL_C);
  await screen.waitFor('Ctrl-C again to quit');
  screen.type(CTRL_C);
  const code = await screen.waitForExit();
  if (code !== 0) throw new Error(`the program ended with ${code}:\n${screen.text.trimEnd()}`);
}

function hasPseudoTerminals(): boolean {
  try {
    createRequire(import.meta.url)('@lydell/node-pty');
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  if (!hasPseudoTerminals()) {
    console.log('not checked: the optional package @lydell/node-pty is not installed for this platform');
    return;
  }
  const { Screen } = await import('./screen.js');
  const home = await mkdtemp(join(tmpdir(), 'millrace-tui-'));
  const program = fileURLToPath(new URL('main.tsx', import.meta.url));
  const screen = new Screen({
    argv: [process.execPath, ...process.execArgv, program, '--scripted'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // Ink draws nothing in between where it takes itself for a job of a build server.
    environment: { ...process.env, MILLRACE_HOME: home, CI: 'false' },
  });
  try {
    for (const check of [checkConversation, checkRefusal, checkInterrupt, checkQuit]) {
      await check(screen);
      console.log(`passed: ${check.name}`);
    }
  } finally {
    screen.kill();
    await rm(home, { recursive: true, force: true });
  }
}

await main();
