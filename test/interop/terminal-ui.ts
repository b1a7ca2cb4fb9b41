import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDeferred } from '@millrace/channel';
import { ListeningServer, type SpawnedCommand } from '../clients/listening-server.js';
import { addFile, escalate, hang, say, sayOnce, TITLE } from './conversing-model.js';
import { equal } from './equal.js';
import { Stage, stageEnvironment } from './stage.js';
import type { Suite } from './suite.js';
import { TerminalScreen } from './terminal-screen.js';

const [ENTER, ESCAPE, CLEAR_LINE] = ['\r', '\u001b', '\u0015'];
const NAME = 'Tour of the north';

interface Attached {
  readonly stage: Stage;
  readonly server: ListeningServer;
  readonly screen: TerminalScreen;
  /** Lets the model go on with its first message. */
  readonly openGate: () => void;
}

/** The published terminal UI, attached to a server over a websocket, as a person uses it. */
export function terminalUi(name: string, codex: string, command: SpawnedCommand): Suite<Attached> {
  return {
    name,
    open: () => attach(codex, command),
    explain: ({ screen }) => screen.history,
    close: async ({ screen, server, stage }) => {
      await screen.close();
      await server.kill();
      await stage.close();
    },
    steps: [
      {
        name: 'it starts and shows where the server works',
        run: async ({ screen, stage }) => screen.shows(stage.work),
      },
      {
        name: 'a message is shown while it streams',
        run: async ({ screen, openGate }) => {
          await submit(screen, 'Say hello');
          await screen.shows('Hello there,');
          if (screen.text.includes('captain')) throw new Error('the end was there before it was said');
          openGate();
          await ends(screen, 'captain.');
        },
      },
      {
        name: 'it finds a title with a thread of its own and names the thread',
        run: async ({ screen }) => screen.shows(TITLE),
      },
      {
        name: 'a command waits for the approval, and runs with it',
        run: async ({ screen, stage }) => {
          await submit(screen, 'Run it');
          await screen.shows('Would you like to run the following command?');
          if (existsSync(join(stage.root, 'ran'))) throw new Error('it ran without an answer');
          screen.type('y');
          await ends(screen, 'The tool said it ran.');
        },
      },
      {
        name: 'a command that is not approved does not run',
        run: async ({ screen, stage }) => {
          await submit(screen, 'Forbidden');
          await screen.shows('Would you like to run the following command?');
          screen.type(ESCAPE);
          await screen.shows('Conversation interrupted');
          if (existsSync(join(stage.root, 'forbidden'))) throw new Error('it ran all the same');
        },
      },
      {
        name: 'a patch waits for the approval, and is applied with it',
        run: async ({ screen, stage }) => {
          await submit(screen, 'Patch it');
          await screen.shows('Would you like to make the following edits?');
          screen.type('y');
          await ends(screen, 'The tool said A ');
          equal(readFileSync(join(stage.root, 'patched.txt'), 'utf8'), 'patched\n');
        },
      },
      {
        name: 'a turn is interrupted',
        run: async ({ screen }) => {
          await submit(screen, 'Wait for me');
          await screen.shows('I am waiting');
          screen.type(ESCAPE);
          await ends(screen, 'I am waiting');
        },
      },
      {
        name: 'a turn is steered',
        run: async ({ screen }) => {
          await submit(screen, 'Think aloud');
          await screen.shows('Let me see');
          await submit(screen, 'Go north');
          await ends(screen, 'North it is.');
        },
      },
      {
        name: 'a command line of the user runs',
        run: async ({ screen }) => {
          screen.type('!');
          await screen.shows('Shell mode');
          screen.paste('printf "%s%s" out put');
          await screen.shows('! printf');
          screen.type(ENTER);
          await screen.shows('You ran printf');
          await ends(screen, '└ output');
        },
      },
      {
        name: 'the history is compacted',
        run: async ({ screen }) => {
          await submit(screen, '/compact');
          await ends(screen, 'Context compacted');
        },
      },
      {
        name: 'the thread is renamed',
        run: async ({ screen }) => {
          await submit(screen, '/rename');
          await screen.shows('Rename thread');
          await screen.shows(`› ${TITLE}`);
          screen.type(CLEAR_LINE);
          await screen.until('an empty field', (text) => !text.includes(`› ${TITLE}`));
          screen.paste(NAME);
          await screen.shows(`› ${NAME}`);
          screen.type(ENTER);
          await screen.shows(`· ${NAME}`);
        },
      },
      {
        name: 'the thread is forked, with its history',
        run: async ({ screen }) => {
          await submit(screen, '/fork');
          await screen.shows('Fork created');
          await screen.shows('North it is.');
        },
      },
      {
        name: 'another thread is begun, and is empty',
        run: async ({ screen }) => {
          await submit(screen, '/new');
          await screen.until(
            'an empty thread',
            (text) => !text.includes('North it is.') && text.includes('? for shortcuts'),
          );
          await submit(screen, 'Say something else');
          await ends(screen, 'Something else.');
        },
      },
      {
        name: 'the first thread is found by its name and resumed, with its history',
        run: async ({ screen }) => {
          await submit(screen, '/resume');
          await screen.shows('Resume a previous session');
          screen.paste('Tour');
          await screen.shows(`› `);
          await screen.until(
            'one name',
            (text) => text.includes(NAME) && !text.includes('Say something else'),
          );
          screen.type(ENTER);
          await ends(screen, 'North it is.');
        },
      },
      {
        name: 'and goes on',
        run: async ({ screen }) => {
          await submit(screen, 'Carry on');
          await ends(screen, 'On we go.');
        },
      },
      {
        name: 'it leaves, and the server stays',
        run: async ({ screen, server }) => {
          await submit(screen, '/quit');
          equal(await screen.ended(), 0);
          equal(server.isRunning, true);
        },
      },
    ],
  };
}

async function attach(codex: string, command: SpawnedCommand): Promise<Attached> {
  const gate = createDeferred<void>();
  const stage: Stage = await Stage.open({
    'Say hello': sayOnce(gate.promise, 'Hello there, ', 'captain.'),
    'Say something else': say('Something else.'),
    'Run it': (id) => escalate(`touch ${stage.root}/ran; echo it ran`)(id),
    Forbidden: (id) => escalate(`touch ${stage.root}/forbidden`)(id),
    'Patch it': (id) => addFile(`${stage.root}/patched.txt`, 'patched')(id),
    'Wait for me': hang('I am waiting'),
    'Think aloud': hang('Let me see'),
    'Go north': say('North it is.'),
    'Carry on': say('On we go.'),
    context_compaction: say('What there was.'),
  });
  const server = await ListeningServer.run({
    command: command.command,
    args: [...command.args, '--listen', 'ws://127.0.0.1:0'],
    env: stageEnvironment(stage.makeHome('server-home')),
    cwd: stage.work,
  });
  const screen = await TerminalScreen.start({
    argv: [codex, '--remote', server.url],
    cwd: stage.work,
    env: stageEnvironment(stage.makeHome('client-home')),
  });
  return { stage, server, screen, openGate: () => gate.resolve() };
}

/** Gives the text to the line at the bottom and sends it off. */
async function submit(screen: TerminalScreen, text: string): Promise<void> {
  screen.paste(text);
  await screen.shows(`› ${text}`);
  screen.type(ENTER);
}

/** Resolves when the text is shown, and after it that the turn has ended. */
async function ends(screen: TerminalScreen, text: string): Promise<void> {
  await screen.until(`the end of the turn of ${JSON.stringify(text)}`, (shown) =>
    /Worked for|Conversation interrupted/.test(shown.split(text).at(1) ?? ''),
  );
}
