import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { AppServerProcess } from './app-server.js';
import { configOption, homeOption } from './home-options.js';

const EXAMPLES = `
Examples:
  millrace app-server                              one client over standard input and output
  millrace app-server --listen unix://$HOME/.millrace/run/app-server.sock
  millrace app-server --listen ws://127.0.0.1:0    the port that was chosen stands on standard error
  millrace app-server --listen ws://0.0.0.0:4500 --ws-auth capability-token --ws-token-file ./token
  millrace app-server --home ./state --config 'model="gpt-5.5"'

With a listener the first SIGTERM or SIGINT waits for running turns, the second interrupts and saves them, a third ends at once.
SIGHUP counts as a first signal only.`;

/** Adds `millrace app-server`. What it runs is loaded when it is called. */
export function addAppServer(
  program: Command,
  process: AppServerProcess,
  onEnd: (exitCode: number) => void,
): void {
  program
    .command('app-server')
    .description('serves the app-server protocol to other programs')
    .addOption(
      new Option(
        '--listen <url>',
        'stdio://, ws://IP:PORT, unix://PATH or off; can be given several times (default: stdio://)',
      ).argParser(addUrl),
    )
    .addOption(
      new Option(
        '--drain-timeout <seconds>',
        'how long running turns may go on after the first signal (default: 600)',
      ).argParser(readNumber),
    )
    .addOption(
      new Option(
        '--channel-capacity <events>',
        'events that may wait for each client (default: 128)',
      ).argParser(readNumber),
    )
    .option('--legacy-events', 'tell clients every event as codex/event/* too, as older ones expect')
    .addOption(
      new Option('--ws-auth <kind>', 'what clients of ws:// have to send as their bearer token').choices([
        'capability-token',
        'signed-bearer-token',
      ] as const),
    )
    .option('--ws-token-file <file>', 'holds the capability token')
    .option('--ws-token-sha256 <hex>', 'the SHA-256 of the capability token')
    .option('--ws-shared-secret-file <file>', 'holds the key that tokens are signed with (JWT, HS256)')
    .option('--ws-issuer <text>', 'the issuer that a signed token has to name')
    .option('--ws-audience <text>', 'the audience that a signed token has to name')
    .addOption(
      new Option(
        '--ws-max-clock-skew-seconds <seconds>',
        'by how much clocks may differ (default: 30)',
      ).argParser(readNumber),
    )
    .addOption(homeOption())
    .addOption(configOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ listen = ['stdio://'], ...options }, command) => {
      const [{ runAppServer }, { readListenOption }] = await Promise.all([
        import('./app-server.js'),
        import('./listen-option.js'),
      ]);
      const addresses = readListenOption(listen);
      if (typeof addresses === 'string') command.error(`error: option '--listen <url>': ${addresses}`);
      else onEnd(await runAppServer({ ...options, listen: addresses }, process));
    });
}

function addUrl(url: string, before: readonly string[] = []): readonly string[] {
  return [...before, url];
}

function readNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 0 to 999999.');
}
