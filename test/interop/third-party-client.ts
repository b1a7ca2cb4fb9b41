import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { npmInstall } from '../conformance/npm-install.js';
import { escalate, hang, runCommand, say } from './conversing-model.js';
import { equal } from './equal.js';
import { Stage, stageEnvironment } from './stage.js';
import type { Suite } from './suite.js';

/** How long a step may take, in milliseconds. */
const STEP_LIMIT_MS = 30_000;

/** A published package that drives this protocol, and a program that uses it. */
export interface ThirdPartyClient {
  /** Its name, and that of the program in `programs/`. */
  readonly name: string;
  readonly version: string;
  /** What has to be installed with it. */
  readonly companions: readonly string[];
  /** Steps of the program, and what works then. */
  readonly steps: Readonly<Record<string, string>>;
}

export const THIRD_PARTY_CLIENTS: readonly ThirdPartyClient[] = [
  {
    name: 'ai-sdk-provider-codex-cli',
    version: '2.2.1',
    companions: ['ai@7.0.173', 'zod@4.6.7'],
    steps: {
      streams: 'it takes the server for one that is new enough, and a text streams',
      continues: 'a thread is gone on with',
      approves: 'a command is approved by a handler, and runs',
      aborts: 'a stream is aborted',
    },
  },
  {
    name: 'ai-sdk-provider-codex-app-server',
    version: '1.1.7',
    companions: ['ai@6', 'zod@4.6.7'],
    steps: {
      streams: 'a text streams',
      continues: 'a thread is resumed by another process',
      runs: 'a command runs',
      injects: 'a message is injected into the running turn',
    },
  },
];

interface Installed {
  readonly stage: Stage;
  readonly program: string;
  /** An executable that is called like that of the reference server, and is Millrace. */
  readonly codex: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A client that somebody else has published, unchanged, with the server in place of the one that it was made for. */
export function thirdPartyClient(
  client: ThirdPartyClient,
  directory: string,
  main: string,
): Suite<Installed> {
  const { name, version, steps } = client;
  return {
    name: `${name} ${version} → Millrace`,
    open: () => install(client, directory, main),
    close: ({ stage }) => stage.close(),
    steps: Object.entries(steps).map(([step, sentence]) => ({
      name: sentence,
      run: (installed) => runStep(step, installed),
    })),
  };
}

async function install(
  { name, version, companions }: ThirdPartyClient,
  directory: string,
  main: string,
): Promise<Installed> {
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  npmInstall(folder, [`${name}@${version}`, ...companions], ['--omit=optional']);
  const program = join(folder, 'program.mjs');
  copyFileSync(fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url)), program);
  const stage: Stage = await Stage.open({
    'Say hello': say('Hello ', 'there.'),
    'Carry on': say('On we go.'),
    'Run it': runCommand('echo it ran'),
    'Ask for it': escalate('echo it ran'),
    'Wait for me': hang('I am waiting'),
  });
  const codex = join(stage.root, 'codex');
  writeFileSync(codex, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(codex, 0o755);
  return { stage, program, codex, env: stageEnvironment(stage.makeHome('home')) };
}

async function runStep(step: string, { stage, program, codex, env }: Installed): Promise<void> {
  const child = spawn(process.execPath, [program, step, codex, stage.work], {
    env,
    cwd: stage.work,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: STEP_LIMIT_MS,
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await once(child, 'exit');
  equal({ exitCode, ...(exitCode === 0 ? {} : { output: await output }) }, { exitCode: 0 });
}
