import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from '@millrace/client';
import { startInProcess } from '@millrace/client/in-process';
import { connectWebSocket } from '@millrace/client/remote';
import { spawnAppServer } from '@millrace/client/stdio';
import { CLIENT_INFO } from '../bench-client.js';

/** A server, and a client that is attached to it in a certain way. */
export interface Contender {
  readonly name: string;
  readonly transport: 'in process' | 'stdio' | 'websocket';
  readonly client: Client;
  close(): Promise<void>;
}

/** How a server is started, and the variable that names its home. */
export interface ServerCommand {
  readonly name: string;
  /** Events that may wait in each view of the client. */
  readonly channelCapacity: number;
  readonly argv: readonly [string, ...string[]];
  readonly homeVariable: string;
}

/** Makes homes that use the model, and starts contenders in them. */
export class Contenders {
  readonly #root: string;
  readonly #baseUrl: string;
  #homes = 0;

  constructor(root: string, baseUrl: string) {
    this.#root = root;
    this.#baseUrl = baseUrl;
  }

  /** Only the name and the capacity of the command are used. */
  async inProcess({ name, channelCapacity }: ServerCommand): Promise<Contender> {
    const home = this.#makeHome();
    const client = await startInProcess({ clientInfo: CLIENT_INFO, channelCapacity, home, cwd: home });
    return { name, transport: 'in process', client, close: () => client.shutdown() };
  }

  async overStdio({ name, argv, homeVariable, channelCapacity }: ServerCommand): Promise<Contender> {
    const [command, ...args] = argv;
    const home = this.#makeHome();
    const env = environment(homeVariable, home);
    const options = { clientInfo: CLIENT_INFO, channelCapacity };
    const client = await spawnAppServer({ command, args, env, cwd: home, ...options });
    return { name, transport: 'stdio', client, close: () => client.shutdown() };
  }

  async overWebSocket({ name, argv, homeVariable, channelCapacity }: ServerCommand): Promise<Contender> {
    const [command, ...args] = argv;
    const home = this.#makeHome();
    const child = spawn(command, [...args, '--listen', 'ws://127.0.0.1:0'], {
      cwd: home,
      env: environment(homeVariable, home),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true, // A group of its own, so that what it starts ends with it.
    });
    const options = { clientInfo: CLIENT_INFO, channelCapacity };
    const client = await connectWebSocket(await addressOf(child), options);
    const close = async (): Promise<void> => {
      await client.shutdown();
      const exited = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await exited;
    };
    return { name, transport: 'websocket', client, close };
  }

  #makeHome(): string {
    this.#homes += 1;
    const home = join(this.#root, `home-${this.#homes}`);
    mkdirSync(home);
    writeFileSync(
      join(home, 'config.toml'),
      `model = "scripted"
model_provider = "local"
[model_providers.local]
name = "Local"
base_url = "${this.#baseUrl}"
wire_api = "responses"
`,
    );
    return home;
  }
}

function environment(homeVariable: string, home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, [homeVariable]: home };
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the server has no standard error');
  for await (const line of createInterface({ input: stderr })) {
    const address = /listening on: (\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended before it listened');
}
