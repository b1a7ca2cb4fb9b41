import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behaviour, ConversingModel } from './conversing-model.js';

/** What makes the client wait for nothing and ask nothing of its own at its start. */
const CLIENT_SETTINGS = `check_for_update_on_startup = false
disable_paste_burst = true
`;

/** A model and fresh directories for a client and a server to play in. */
export class Stage {
  readonly root: string;
  readonly model: ConversingModel;
  /** An empty directory, in which the agent works. */
  readonly work: string;

  private constructor(root: string, model: ConversingModel) {
    this.root = root;
    this.model = model;
    this.work = join(root, 'work');
    mkdirSync(this.work);
  }

  static async open(behaviours: Readonly<Record<string, Behaviour>>): Promise<Stage> {
    const model = await ConversingModel.start(behaviours);
    return new Stage(mkdtempSync(join(tmpdir(), 'millrace-interop-')), model);
  }

  /** Makes a home directory that is configured to use the model, and returns its path. */
  makeHome(name: string): string {
    const home = join(this.root, name);
    mkdirSync(home);
    writeFileSync(join(home, 'config.toml'), this.#configuration());
    return home;
  }

  async close(): Promise<void> {
    await this.model.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  #configuration(): string {
    return `model = "scripted"
model_provider = "local"
${CLIENT_SETTINGS}[model_providers.local]
name = "Local"
base_url = "${this.model.baseUrl}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[projects."${this.work}"]
trust_level = "trusted"
`;
  }
}

/** The environment of a program on the stage: nothing of the user's but where programs are found. */
export function stageEnvironment(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    CODEX_HOME: home,
    MILLRACE_HOME: home,
    SHELL: '/bin/sh',
  };
}
