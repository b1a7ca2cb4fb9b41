import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ResponsesReply, ResponsesServer } from '@millrace/testkit';
import { isRecord } from './json-schema.js';
import { type Exchange, type Message, ServerProcess } from './server-process.js';

/** A server that can be started: its command and the variable that names its home directory. */
export interface ServerUnderTest {
  readonly command: readonly [string, ...string[]];
  readonly homeVariable: string;
}

/** A conversation that is held with each server: what the model says, and what the client does. */
export interface Script {
  readonly name: string;
  readonly replies: readonly ResponsesReply[];
  /** True where the script does the handshake itself. */
  readonly isRaw?: true;
  readonly run: (session: Session) => Promise<void>;
}

/** What a script works with. */
export class Session {
  readonly server: ServerProcess;
  /** An empty directory of the session. */
  readonly cwd: string;

  constructor(server: ServerProcess, cwd: string) {
    this.server = server;
    this.cwd = cwd;
  }

  request(method: string, params: unknown): Promise<Message> {
    return this.server.request(method, params);
  }

  /** Starts a thread in the session's directory and returns its id. */
  async startThread(params: Readonly<Record<string, unknown>> = UNCONFINED): Promise<string> {
    const reply = await this.request('thread/start', { cwd: this.cwd, ...params });
    const thread = isRecord(reply.result) ? reply.result.thread : undefined;
    if (!isRecord(thread)) throw new Error(`no thread: ${JSON.stringify(reply)}`);
    return String(thread.id);
  }

  /** Starts a turn and returns its id. */
  async startTurn(threadId: string, text: string): Promise<string> {
    const input = [{ type: 'text', text, text_elements: [] }];
    const reply = await this.request('turn/start', { threadId, input });
    const turn = isRecord(reply.result) ? reply.result.turn : undefined;
    if (!isRecord(turn)) throw new Error(`no turn: ${JSON.stringify(reply)}`);
    return String(turn.id);
  }

  /** Runs a turn to its end and returns its id. */
  async runTurn(threadId: string, text: string): Promise<string> {
    const since = this.server.exchanges.length;
    const turnId = await this.startTurn(threadId, text);
    await this.until('turn/completed', since);
    return turnId;
  }

  /** The first notification or request of that method since an exchange. */
  until(method: string, since = 0): Promise<Message> {
    return this.server.until(method, (message) => message.method === method, since);
  }
}

/** Threads that neither ask nor need a sandbox, so that the result does not depend on the machine. */
const UNCONFINED = { sandbox: 'danger-full-access', approvalPolicy: 'never' };

/** What came of a session. */
export interface HeldSession {
  readonly exchanges: readonly Exchange[];
  /** Why the script could not be followed to its end. */
  readonly failure: string | undefined;
}

/** Holds a conversation with a fresh server in a fresh home. Never rejects because of what the server does. */
export async function holdSession(script: Script, server: ServerUnderTest): Promise<HeldSession> {
  const root = mkdtempSync(join(tmpdir(), 'millrace-conformance-'));
  const model = await ResponsesServer.start(...script.replies);
  const [home, cwd] = [join(root, 'home'), join(root, 'work')];
  mkdirSync(home);
  mkdirSync(cwd);
  writeFileSync(join(home, 'config.toml'), configuration(model.baseUrl));
  const env = { ...process.env, [server.homeVariable]: home };
  const session = new Session(new ServerProcess(server.command, cwd, env), cwd);
  let failure: string | undefined;
  try {
    if (!script.isRaw) await shakeHands(session);
    await script.run(session);
  } catch (error) {
    failure = String(error);
  } finally {
    await session.server.close();
    await model.close();
    rmSync(root, { recursive: true, force: true });
  }
  return { exchanges: session.server.exchanges, failure };
}

export async function shakeHands(session: Session): Promise<void> {
  const clientInfo = { name: 'conformance', title: null, version: '1.0.0' };
  await session.request('initialize', { clientInfo, capabilities: { experimentalApi: true } });
  session.server.notify('initialized', {});
}

function configuration(baseUrl: string): string {
  return `model = "scripted"
model_provider = "local"
[model_providers.local]
name = "Local"
base_url = "${baseUrl}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;
}
