import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResponsesServer, SeededRandom } from '@millrace/testkit';
import { ServerProcess } from '../conformance/server-process.js';
import { CrashClient } from './crash-client.js';
import { CrashModel } from './crash-model.js';
import { Ledger, type ThreadLedger } from './ledger.js';
import { checkApprovals, checkIndex, checkLocks, checkThread } from './restart-checks.js';
import { survivorsOf, uptime, WORLD_VARIABLE } from './world-processes.js';

/** Threads that have turns at the same time. */
const THREADS = 3;
/** Messages of the server, after the restart was looked at, of which one is the last. */
const MESSAGES_LIMIT = 160;
/** Milliseconds after its start in which a server is killed that is killed early. */
const EARLY_LIMIT_MS = 500;
/** Milliseconds without a message after which a server is killed: every thread runs something endless, or waits for an answer. */
const STILL_MS = 400;
/** Seconds before a kill in which a process may have begun that its server had not yet entrusted to anybody. */
const NEWBORN_S = 0.1;

/** How often a kill met what. One kill may have met several. */
export interface Met {
  /** A turn that ran, a command that ran, a question that nobody had answered. */
  turns: number;
  commands: number;
  questions: number;
  /** A server that was still starting, or loading what the last one left. */
  starts: number;
  /** Processes that were started in the last moment before the kill, and live on: nobody could be told of them any more. */
  newborns: number;
}

/** One home, its model, and the servers that are killed over it one after the other. */
export class CrashWorld {
  readonly ledger = new Ledger();
  readonly met: Met = { turns: 0, commands: 0, questions: 0, starts: 0, newborns: 0 };
  kills = 0;
  restarts = 0;
  readonly #random: SeededRandom;
  readonly #directory: string;
  readonly #program: readonly [string, ...string[]];
  readonly #model: CrashModel;
  #active: ThreadLedger[] = [];
  #threads = 0;

  constructor(options: {
    readonly directory: string;
    readonly seed: number;
    readonly program: readonly [string, ...string[]];
  }) {
    this.#directory = options.directory;
    this.#program = options.program;
    this.#random = new SeededRandom(options.seed);
    this.#model = new CrashModel(this.ledger, this.#random);
  }

  get repairedCalls(): number {
    return this.#model.repairedCalls;
  }

  /** Kills that many servers, then lets one live to its end. Whatever is wrong stands in the ledger. */
  async run(kills: number): Promise<void> {
    const model = await ResponsesServer.start(this.#model.reply);
    await mkdir(this.#home, { recursive: true });
    await mkdir(this.#cwd);
    await writeFile(join(this.#home, 'config.toml'), config(model.baseUrl));
    try {
      while (this.kills < kills && this.ledger.violations.length === 0) await this.#untilKilled();
      if (this.ledger.violations.length === 0) await this.#untilEnd();
    } catch (error) {
      this.ledger.blame('unopened', String(error));
    } finally {
      await model.close();
    }
    if (this.ledger.violations.length === 0) await rm(this.#directory, { recursive: true });
  }

  get #home(): string {
    return join(this.#directory, 'home');
  }

  get #cwd(): string {
    return join(this.#directory, 'work');
  }

  /** Starts a server, looks at what it makes of what the last one left, works with it, and kills it at some point. */
  async #untilKilled(): Promise<void> {
    const { server, client } = await this.#start();
    const random = this.#random;
    const isEarly = random.chance(0.1);
    const early = isEarly ? setTimeout(() => void server.kill(), random.int(0, EARLY_LIMIT_MS)) : undefined;
    try {
      await this.#checkRestart(client);
      if (!isEarly) await this.#work(server, client);
    } catch (error) {
      if (!isEarly || !server.hasExited) this.ledger.blame('unopened', String(error));
    }
    clearTimeout(early);
    this.met.turns += client.openTurns.size;
    this.met.commands += client.running.size;
    this.met.questions += client.asked.size;
    if (isEarly) this.met.starts += 1;
    await server.kill();
    this.kills += 1;
    await this.#checkSurvivors(uptime() - NEWBORN_S);
  }

  /** Nothing may be left of a server but what was started after that moment, in seconds since boot. */
  async #checkSurvivors(moment: number): Promise<void> {
    for (const { commandLine, startedAt } of await survivorsOf(this.#directory)) {
      if (startedAt >= moment) this.met.newborns += 1;
      else this.ledger.blame('left running', commandLine);
    }
  }

  async #start(): Promise<{ readonly server: ServerProcess; readonly client: CrashClient }> {
    await checkApprovals(this.#home, this.#cwd, this.ledger);
    const server = new ServerProcess(this.#program, this.#cwd, {
      PATH: process.env.PATH,
      HOME: this.#home,
      SHELL: '/bin/sh',
      MILLRACE_HOME: this.#home,
      [WORLD_VARIABLE]: this.#directory,
    });
    this.restarts += 1;
    const client = new CrashClient({ server, ledger: this.ledger, random: this.#random, cwd: this.#cwd });
    server.onMessage = client.hear;
    return { server, client };
  }

  async #checkRestart(client: CrashClient): Promise<void> {
    const clientInfo = { name: 'crash', version: '1' };
    await client.ask('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    await checkIndex(client, this.#home, this.ledger);
    const kept: ThreadLedger[] = [];
    for (const thread of this.#active) if (await checkThread(client, thread, this.ledger)) kept.push(thread);
    this.#active = kept;
  }

  async #work(server: ServerProcess, client: CrashClient): Promise<void> {
    const random = this.#random;
    if (this.#active.length === THREADS && random.chance(0.3)) this.#active.shift();
    while (this.#active.length < THREADS) {
      this.#active.push(await client.startThread(`L${this.#threads}`));
      this.#threads += 1;
    }
    let messages = random.int(1, MESSAGES_LIMIT);
    const still = setTimeout(() => void server.kill(), STILL_MS);
    server.onMessage = (message) => {
      client.hear(message);
      still.refresh();
      messages -= 1;
      if (messages === 0) void server.kill();
    };
    await Promise.all(this.#active.map((thread) => client.drive(thread)));
    clearTimeout(still);
  }

  /** Loads every thread that ever was, lets each speak once more, and ends as it should. */
  async #untilEnd(): Promise<void> {
    const { server, client } = await this.#start();
    this.#active = [...this.ledger.threads.values()];
    await this.#checkRestart(client);
    for (const thread of this.#active) await client.runTurn(thread, 'say');
    const exitCode = await server.close();
    if (exitCode !== 0) this.ledger.blame('unopened', `the last server left with ${exitCode}`);
    await this.#checkSurvivors(Number.POSITIVE_INFINITY);
    checkLocks(this.#home, this.#active, this.ledger);
  }
}

function config(baseUrl: string): string {
  return `
model = "m"
model_provider = "crash"
[model_providers.crash]
name = "Crash"
base_url = "${baseUrl}"
request_max_retries = 0
stream_max_retries = 0
`;
}
