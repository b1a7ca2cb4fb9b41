import { isRecord } from './json-schema.js';
import type { PartVerdict, ProtocolSchema } from './protocol-schema.js';

/** Messages of a server by kind, as they were judged. */
export interface MessageCounts {
  results: number;
  errors: number;
  notifications: number;
  serverRequests: number;
  /** Results of methods that the schema says nothing of. */
  unjudged: number;
}

/** Judges every message that a server sends in one conversation, and counts them. */
export class ConversationChecker {
  readonly counts: MessageCounts = {
    results: 0,
    errors: 0,
    notifications: 0,
    serverRequests: 0,
    unjudged: 0,
  };
  /** What is wrong, in the order in which it came, each with the method that it belongs to. */
  readonly violations: string[] = [];
  /** Fields that the schema does not describe, as `method: field`, each once. */
  readonly unknown = new Set<string>();
  readonly #schema: ProtocolSchema;
  readonly #asked = new Map<unknown, string>();

  constructor(schema: ProtocolSchema) {
    this.#schema = schema;
  }

  /** The client sent a message; a request is remembered, so that its reply can be judged. */
  sent(message: unknown): void {
    if (isRecord(message) && typeof message.method === 'string' && 'id' in message)
      this.#asked.set(message.id, message.method);
  }

  /** The server sent a message. */
  received(message: unknown): void {
    if (!isRecord(message)) this.violations.push(`not a message: ${JSON.stringify(message)}`);
    else if (typeof message.method === 'string') this.#request(message.method, message);
    else this.#reply(message);
  }

  #request(method: string, message: Readonly<Record<string, unknown>>): void {
    if ('id' in message) {
      this.counts.serverRequests += 1;
      this.#note(`request ${method}`, this.#schema.checkServerRequest(method, message.params));
      return;
    }
    this.counts.notifications += 1;
    this.#note(method, this.#schema.checkNotification(method, message.params));
    if (!Number.isInteger(message.emittedAtMs))
      this.violations.push(`${method}: emittedAtMs must be integer`);
  }

  #reply(message: Readonly<Record<string, unknown>>): void {
    const method = this.#asked.get(message.id);
    if (method === undefined) {
      this.violations.push(`a reply to no request: ${JSON.stringify(message).slice(0, 200)}`);
      return;
    }
    if ('error' in message) {
      this.counts.errors += 1;
      this.#error(method, message.error);
      return;
    }
    const verdict = this.#schema.checkResult(method, message.result);
    if (verdict === undefined) this.counts.unjudged += 1;
    else {
      this.counts.results += 1;
      this.#note(`result of ${method}`, verdict);
    }
  }

  #error(method: string, error: unknown): void {
    const isError = isRecord(error) && Number.isInteger(error.code) && typeof error.message === 'string';
    if (!isError) this.violations.push(`error of ${method}: needs a code and a message`);
  }

  #note(name: string, { violations, unknown }: PartVerdict): void {
    for (const violation of violations) this.violations.push(`${name}: ${violation}`);
    for (const field of unknown) this.unknown.add(`${name}: ${field}`);
  }
}
