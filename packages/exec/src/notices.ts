import type { Client, ClientEvent } from '@millrace/client';
import { RPC_ERROR_CODES } from '@millrace/protocol';
import type { ExecOutput } from './exec-output.js';

type ServerRequestEvent = Extract<ClientEvent, { readonly type: 'request' }>;

/**
 * Reads what happens beside the turn: warnings are shown, questions of other threads are refused, the rest is ignored.
 *
 * It begins at once, so that the warnings of the handshake are shown before the thread.
 */
export class Notices {
  readonly #events: AsyncIterableIterator<ClientEvent, undefined>;
  readonly #reading: Promise<void>;

  /** @throws {Error} when somebody reads the client's events already. */
  constructor(client: Client, output: ExecOutput) {
    this.#events = client.events();
    this.#reading = this.#read(client, output);
  }

  /** Stops reading. Never rejects. */
  async close(): Promise<void> {
    await this.#events.return?.();
    await this.#reading;
  }

  async #read(client: Client, output: ExecOutput): Promise<void> {
    try {
      for await (const event of this.#events) {
        if (event.type === 'request') refuseRequest(client, event);
        const warning = event.type === 'notification' ? warningOf(event) : undefined;
        if (warning !== undefined) await output.warning(warning);
      }
    } catch {
      // The connection broke: the turn's own events end with it, and say so.
    }
  }
}

/**
 * Refuses a question, because nobody is there to answer it: what was asked for does not happen.
 *
 * @throws {TransportError} when the refusal cannot be delivered.
 */
export function refuseRequest(client: Client, { id, method, params }: ServerRequestEvent): void {
  const message = `${REQUEST_NAMES[method]} is not supported in exec mode (thread ${params.threadId})`;
  client.reject(id, { code: RPC_ERROR_CODES.clientRefused, message });
}

const REQUEST_NAMES: Readonly<Record<ServerRequestEvent['method'], string>> = {
  'item/commandExecution/requestApproval': 'command approval',
  'item/fileChange/requestApproval': 'file change approval',
  'item/permissions/requestApproval': 'asking for rights',
  'item/tool/requestUserInput': 'asking the user',
  'item/tool/call': 'a tool of the client',
  'mcpServer/elicitation/request': 'a question of an MCP server',
};

function warningOf(event: Extract<ClientEvent, { readonly type: 'notification' }>): string | undefined {
  switch (event.method) {
    case 'warning':
      return event.params.message;
    case 'configWarning':
    case 'deprecationNotice': {
      const { summary, details } = event.params;
      return details === null ? summary : `${summary} (${details})`;
    }
    default:
      return undefined;
  }
}
