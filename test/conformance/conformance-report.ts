import type { Difference } from './comparison.js';
import type { ConversationChecker, MessageCounts } from './conversation-checker.js';

/** What one session showed. */
export interface SessionVerdict {
  readonly name: string;
  /** One for each client. */
  readonly conversations: readonly ConversationChecker[];
  /** From the reference server, those that are not meant. */
  readonly differences: readonly Difference[];
  /** Why the session could not be held to its end. */
  readonly failures: readonly string[];
}

/** Gathers what the sessions showed. Prints a line for each as it comes, with whatever is wrong below it. */
export class ConformanceReport {
  readonly #total: MessageCounts = {
    results: 0,
    errors: 0,
    notifications: 0,
    serverRequests: 0,
    unjudged: 0,
  };
  #sessions = 0;
  #violations = 0;
  #unknownFields = 0;
  #differences = 0;
  #failures = 0;

  /** Whether nothing at all was wrong, and something was looked at. */
  get isClean(): boolean {
    const findings = this.#violations + this.#unknownFields + this.#differences + this.#failures;
    return this.#sessions > 0 && findings === 0;
  }

  add({ name, conversations, differences, failures }: SessionVerdict): void {
    const violations = conversations.flatMap((conversation) => conversation.violations);
    const unknown = [...new Set(conversations.flatMap((conversation) => [...conversation.unknown]))];
    for (const { counts } of conversations) {
      for (const kind of Object.keys(counts) as (keyof MessageCounts)[]) this.#total[kind] += counts[kind];
    }
    this.#sessions += 1;
    this.#violations += violations.length;
    this.#unknownFields += unknown.length;
    this.#differences += differences.length;
    this.#failures += failures.length;
    const isClean = violations.length + unknown.length + differences.length + failures.length === 0;
    console.log(`${isClean ? 'ok  ' : 'FAIL'} ${name}`);
    for (const failure of failures) console.log(`     not held to its end: ${failure}`);
    for (const violation of violations) console.log(`     not valid: ${violation}`);
    for (const field of unknown) console.log(`     not in the schema: ${field}`);
    for (const { kind, label, path } of differences) console.log(`     ${kind}: ${label} ${path}`.trimEnd());
  }

  summary(): string {
    const { results, errors, notifications, serverRequests, unjudged } = this.#total;
    const all = results + errors + notifications + serverRequests + unjudged;
    return [
      `${this.#sessions} sessions, ${all} messages: ${results} results, ${errors} errors, ${notifications} notifications, `,
      `${serverRequests} server requests, ${unjudged} results of methods without a schema\n`,
      `${this.#violations} not valid, ${this.#unknownFields} fields that are not in the schema, `,
      `${this.#differences} differences from the reference server that are not meant, `,
      `${this.#failures} sessions not held to their end`,
    ].join('');
  }
}
