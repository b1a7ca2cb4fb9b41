/**
 * Compares the server with the published reference server, and everything it says with the published JSON Schema.
 *
 *     npm run conformance -- [--schema DIR] [--peer DIR] [--transcripts DIR] [--only REGEX]
 *
 * Without options it installs the reference server (400 MB) into a temporary folder, holds the same sessions with both, judges each
 * message of ours, and compares. `--peer` names a folder for the reference server that is kept. `--schema` names what the reference
 * server's `generate-json-schema --experimental` wrote; then nothing is installed and nothing compared. `--transcripts` judges
 * recorded sessions instead of holding any. The exit code is 1 when anything is wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_METHODS } from '@millrace/protocol';
import { REFERENCE_NOTIFICATIONS, REFERENCE_SERVER_REQUESTS } from '../docs/reference-names.js';
import { isAccepted } from './accepted-differences.js';
import { compareSessions } from './comparison.js';
import { ConformanceReport } from './conformance-report.js';
import { ConversationChecker } from './conversation-checker.js';
import { ProtocolSchema } from './protocol-schema.js';
import { installReferenceServer, type ReferenceServer } from './reference-server.js';
import { SCRIPTS } from './scripts.js';
import type { Exchange } from './server-process.js';
import { type HeldSession, holdSession, type Script, type ServerUnderTest } from './session.js';
import { checkTranscripts } from './transcripts.js';

const OURS: ServerUnderTest = {
  command: [process.execPath, resolve('packages/cli/dist/main.js'), 'app-server'],
  homeVariable: 'MILLRACE_HOME',
};

/** Methods that the reference server still answers, but its schema leaves out. */
const OLDER_METHODS: readonly string[] = ['getConversationSummary', 'gitDiffToRemote', 'getAuthStatus'];

const { values } = parseArgs({
  options: {
    schema: { type: 'string' },
    peer: { type: 'string' },
    transcripts: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

const temporary = mkdtempSync(join(tmpdir(), 'millrace-reference-'));
try {
  const reference = values.schema === undefined ? install(values.peer ?? temporary) : undefined;
  const schema = ProtocolSchema.read(values.schema ?? reference?.schemaDirectory ?? '');
  const report = new ConformanceReport();
  judgeNames(schema, report);
  if (values.transcripts !== undefined) judgeTranscripts(values.transcripts, schema, report);
  else for (const script of chosenScripts()) await judgeScript(script, schema, reference, report);
  console.log(report.summary());
  if (!report.isClean) process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function install(directory: string): ReferenceServer {
  console.log(`the reference server is in ${directory}`);
  return installReferenceServer(resolve(directory));
}

function chosenScripts(): readonly Script[] {
  const chosen = SCRIPTS.filter(({ name }) => new RegExp(values.only, 'u').test(name));
  if (chosen.length === 0) throw new Error(`no session is called like ${values.only}`);
  return chosen;
}

/** The names that this repository writes down are those of the schema, but for methods of an older version that are still there. */
function judgeNames({ names }: ProtocolSchema, report: ConformanceReport): void {
  const known: readonly string[] = ALL_METHODS;
  const failures = [
    ...names.methods.filter((name) => !known.includes(name)),
    ...known.filter((name) => !names.methods.includes(name) && !OLDER_METHODS.includes(name)),
    ...oddOnes(names.notifications, REFERENCE_NOTIFICATIONS),
    ...oddOnes(names.serverRequests, REFERENCE_SERVER_REQUESTS),
  ].map((name) => `${name} stands on one side only`);
  report.add({ name: 'the names of the protocol', conversations: [], differences: [], failures });
}

function oddOnes(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...left.filter((name) => !right.includes(name)), ...right.filter((name) => !left.includes(name))];
}

function judgeTranscripts(directory: string, schema: ProtocolSchema, report: ConformanceReport): void {
  for (const { name, conversations } of checkTranscripts(directory, schema))
    report.add({ name, conversations, differences: [], failures: [] });
}

async function judgeScript(
  script: Script,
  schema: ProtocolSchema,
  reference: ReferenceServer | undefined,
  report: ConformanceReport,
): Promise<void> {
  const ours = await holdSession(script, OURS);
  const theirs = reference === undefined ? undefined : await holdSession(script, theReference(reference));
  const differences = theirs === undefined ? [] : compareSessions(theirs.exchanges, ours.exchanges);
  report.add({
    name: script.name,
    conversations: [judge(ours.exchanges, schema)],
    differences: differences.filter((difference) => !isAccepted(difference)),
    failures: [failure('ours', ours), failure('the reference server', theirs)].filter((text) => text !== ''),
  });
}

function theReference({ command }: ReferenceServer): ServerUnderTest {
  return { command, homeVariable: 'CODEX_HOME' };
}

function failure(who: string, held: HeldSession | undefined): string {
  return held?.failure === undefined ? '' : `${who}: ${held.failure}`;
}

function judge(exchanges: readonly Exchange[], schema: ProtocolSchema): ConversationChecker {
  const checker = new ConversationChecker(schema);
  for (const { from, message } of exchanges) {
    if (from === 'client') checker.sent(message);
    else checker.received(message);
  }
  return checker;
}
