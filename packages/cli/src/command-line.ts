import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import type { AppServerProcess } from './app-server.js';
import { addAppServer } from './app-server-command.js';
import type { ExecProcess } from './exec-command.js';
import { configOption, homeOption } from './home-options.js';
import { describeError } from './user-error.js';

/** The part of the process that the commands need. */
export type CommandProcess = ExecProcess & AppServerProcess;

/** What a wrong command line is answered with. */
const USAGE_EXIT_CODE = 2;

const EXEC_EXAMPLES = `
Examples:
  millrace exec "explain what this repository does"
  git diff | millrace exec "review this change"
  millrace exec --sandbox workspace-write --cd ../app "fix the failing test"
  millrace exec --json --scripted "run ls"        one JSON object a line, without a language model

Progress goes to standard error, the final message to standard output.
Exit codes: 0 completed, 1 failed, 2 wrong usage, 130 and 143 interrupted by SIGINT and SIGTERM,
129 by SIGHUP.`;

/**
 * Runs the `millrace` command. A command is loaded when it is called, so that help is quick.
 *
 * @returns The exit code. Whatever went wrong has been said on standard error.
 */
export async function runCommandLine(argv: readonly string[], process: CommandProcess): Promise<number> {
  let exitCode = 0;
  const program = createProgram(process, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    process.stderr.write(`millrace: ${describeError(error)}\n`);
    return 1;
  }
}

function createProgram(process: CommandProcess, onEnd: (exitCode: number) => void) {
  const program = new Command('millrace')
    .description('Runs agents: one prompt at a time, or as an app-server for other programs.')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
    });
  addExec(program, process, onEnd);
  addAppServer(program, process, onEnd);
  program
    .command('config')
    .description('tells where the configuration is')
    .command('path')
    .description('prints the path of config.toml, whether or not it is there')
    .addOption(homeOption())
    .action(async ({ home }) => {
      const [{ resolveHome }, { join }] = await Promise.all([
        import('@millrace/runtime'),
        import('node:path'),
      ]);
      process.stdout.write(`${join(resolveHome(home, process.env), 'config.toml')}\n`);
    });
  return program;
}

function addExec(program: Command, process: CommandProcess, onEnd: (exitCode: number) => void): void {
  program
    .command('exec')
    .description('runs one prompt and ends')
    .argument('[prompt]', 'what to do; "-" or nothing reads it from standard input')
    .option('--json', 'print one JSON object a line instead of text')
    .option('-C, --cd <dir>', 'work in this directory')
    .addOption(
      new Option(
        '-s, --sandbox <mode>',
        'what commands may do (default: as configured, else read-only)',
      ).choices(['read-only', 'workspace-write', 'danger-full-access'] as const),
    )
    .addOption(
      new Option('-a, --approval <policy>', 'when to ask before acting; exec refuses every question')
        .choices(['untrusted', 'on-request', 'never'] as const)
        .default('never' as const),
    )
    .option('-m, --model <model>', 'the model to use')
    .option('--provider <id>', 'the model provider to use, as config.toml names it')
    .addOption(
      new Option('--scripted', 'use the scripted model: no network, and no language model').conflicts(
        'provider',
      ),
    )
    .option('--ephemeral', 'keep nothing of the thread on disk')
    .option('-o, --output-last-message <file>', 'write the final message to this file as well')
    .addOption(homeOption())
    .addOption(configOption())
    .addHelpText('after', EXEC_EXAMPLES)
    .action(async (prompt, options) => {
      const { runExecCommand } = await import('./exec-command.js');
      onEnd(await runExecCommand(prompt, options, process));
    });
}

function packageVersion(): string {
  const manifest = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  return manifest.version;
}
