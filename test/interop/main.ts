/**
 * Attaches real clients to the server, and our client to the published reference server.
 *
 *     npm run interop -- [--peer DIR] [--only REGEX]
 *
 * It installs the reference server (400 MB), whose terminal UI is one of the clients, and clients that others have published into a
 * temporary folder; `--peer` names a folder for them that is kept. `--only` chooses suites by their names. The exit code is 1 when a step fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installReferenceServer } from '../conformance/reference-server.js';
import { ourClient } from './our-client.js';
import { formatResults, runSuite, type StepResult, type Suite } from './suite.js';
import { terminalUi } from './terminal-ui.js';
import { THIRD_PARTY_CLIENTS, thirdPartyClient } from './third-party-client.js';

const MAIN = resolve('packages/cli/dist/main.js');
const OURS = { command: process.execPath, args: [MAIN, 'app-server'] };

const options = { peer: { type: 'string' }, only: { type: 'string', default: '' } } as const;
const { peer, only } = parseArgs({ options }).values;

const temporary = mkdtempSync(join(tmpdir(), 'millrace-reference-'));
try {
  const directory = resolve(peer ?? temporary);
  const { command } = installReferenceServer(directory);
  const [codex] = command;
  const theirs = { command: codex, args: ['app-server'] };
  const suites = [
    suite(ourClient('our client → reference server', theirs)),
    suite(ourClient('our client → Millrace', OURS)),
    suite(terminalUi('terminal UI → Millrace', codex, OURS)),
    ...THIRD_PARTY_CLIENTS.map((client) => suite(thirdPartyClient(client, join(directory, 'clients'), MAIN))),
  ];
  const results: StepResult[] = [];
  for (const { name, run } of suites) if (new RegExp(only, 'u').test(name)) results.push(...(await run()));
  console.log(formatResults(results));
  if (results.length === 0 || results.some(({ outcome }) => outcome !== 'works')) process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** Hides what the steps of a suite work with, so that suites can stand in one list. */
function suite<C>(of: Suite<C>): {
  readonly name: string;
  readonly run: () => Promise<readonly StepResult[]>;
} {
  return { name: of.name, run: () => runSuite(of) };
}
