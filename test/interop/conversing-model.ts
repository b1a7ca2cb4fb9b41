import {
  type RecordedRequest,
  type ResponsesReply,
  ResponsesServer,
  type WireEvent,
  wire,
} from '@millrace/testkit';
import { isRecord } from '../conformance/json-schema.js';

/** What the model does about a message of the user. The id is new for each reply. */
export type Behaviour = (id: string) => ResponsesReply;

/** What the model answers where a client asks it for the title of a conversation. */
export const TITLE = 'A scripted title';

/**
 * A Responses API whose answer depends on what was said last, so that it does not matter who asks in which order.
 *
 * A message of the user gets the behaviour whose key it contains. The output of a tool gets a message with its last line. Where JSON is
 * asked for, which clients do on their own to find a title, it gets {@link TITLE}. Anything else is an error.
 */
export class ConversingModel {
  readonly #server: ResponsesServer;
  readonly #behaviours: Readonly<Record<string, Behaviour>>;

  private constructor(server: ResponsesServer, behaviours: Readonly<Record<string, Behaviour>>) {
    this.#server = server;
    this.#behaviours = behaviours;
    server.reply((request) => this.#answer(request));
  }

  static async start(behaviours: Readonly<Record<string, Behaviour>>): Promise<ConversingModel> {
    return new ConversingModel(await ResponsesServer.start(), behaviours);
  }

  get baseUrl(): string {
    return this.#server.baseUrl;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #answer({ body }: RecordedRequest): ResponsesReply {
    const id = String(this.#server.requests.length);
    if (!isRecord(body) || !Array.isArray(body.input)) return NOT_UNDERSTOOD;
    if (isRecord(body.text) && body.text.format !== undefined)
      return say(JSON.stringify({ title: TITLE }))(id);
    const last: unknown = body.input.at(-1);
    if (isRecord(last) && last.output !== undefined)
      return say(`The tool said ${lastLine(last.output)}.`)(id);
    const said = JSON.stringify(last);
    const key = Object.keys(this.#behaviours).find((text) => said.includes(text)) ?? '';
    return this.#behaviours[key]?.(id) ?? NOT_UNDERSTOOD;
  }
}

const NOT_UNDERSTOOD: ResponsesReply = {
  status: 400,
  body: { error: { message: 'the model was not told what to do about this' } },
};

/** Says these parts, one delta each. */
export function say(...deltas: readonly string[]): Behaviour {
  return (id) => wire.response(wire.message(deltas, `msg_${id}`));
}

/** Says the beginning, and the rest once the promise is settled. */
export function sayOnce(settled: Promise<unknown>, beginning: string, rest: string): Behaviour {
  return (id) => {
    const parts = wire.message([beginning, rest], `msg_${id}`);
    const events = [wire.created(), ...parts.slice(0, 2), settled, ...parts.slice(2), wire.completed()];
    return { events };
  };
}

/** Says the beginning of a message, and then nothing for ever. */
export function hang(beginning: string): Behaviour {
  return (id) => {
    const events: readonly WireEvent[] = [
      wire.created(),
      ...wire.message([beginning], `msg_${id}`).slice(0, 2),
    ];
    return { events, end: 'hang' };
  };
}

/** Wants to run a command; in the sandbox, unless something else is said. */
export function runCommand(cmd: string, more: Readonly<Record<string, unknown>> = {}): Behaviour {
  return (id) =>
    wire.response(wire.functionCall('exec_command', { cmd, login: false, ...more }, `call_${id}`));
}

/** Wants to run a command outside of the sandbox. */
export function escalate(cmd: string): Behaviour {
  return runCommand(cmd, {
    sandbox_permissions: 'require_escalated',
    justification: 'It has to be tried',
  });
}

/** Wants to add a file of one line, as models do that were given no tool for patches. */
export function addFile(path: string, line: string): Behaviour {
  const patch = `*** Begin Patch\n*** Add File: ${path}\n+${line}\n*** End Patch`;
  return runCommand(`apply_patch <<'EOF'\n${patch}\nEOF\n`);
}

function lastLine(output: unknown): string {
  return typeof output === 'string' ? (output.trim().split('\n').at(-1) ?? '') : JSON.stringify(output);
}
