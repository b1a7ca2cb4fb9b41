import {
  ALL_METHODS,
  CLIENT_REQUESTS,
  type ClientRequestRow,
  EXPERIMENTAL_METHODS,
  isClientRequestMethod,
  isNotificationMethod,
  isServerRequestMethod,
  SERVER_NOTIFICATIONS,
} from '@millrace/protocol';
import { REFERENCE_NOTIFICATIONS, REFERENCE_SERVER_REQUESTS, TERMINAL_SESSION } from './reference-names.js';

/** Where the page stands, from the root of the repository. */
export const PROTOCOL_PAGE = 'docs/protocol.md';

/** The page that says what of the protocol is served, as the tables of the protocol have it. */
export function protocolPage(): string {
  return `${sections().join('\n\n')}\n`;
}

function sections(): readonly string[] {
  const served = ALL_METHODS.filter(isClientRequestMethod);
  const partial = served.filter((method) => rowOf(method)?.partial !== undefined);
  const sent = REFERENCE_NOTIFICATIONS.filter(isNotificationMethod);
  const asked = REFERENCE_SERVER_REQUESTS.filter(isServerRequestMethod);
  const used = TERMINAL_SESSION.filter(isClientRequestMethod);
  return [
    '# The protocol, method by method',
    '<!-- Written by `npm run docs:protocol` from the tables in packages/protocol/src. A test holds the two together. -->',
    `What Millrace serves of version 2 of the app-server protocol of Codex, release 0.169.0. What it does in another way on purpose
is told in [differences](differences.md).`,
    table(
      ['', 'in the protocol', 'in Millrace'],
      [
        ['methods of clients', count(ALL_METHODS), `${served.length}, of which ${partial.length} in part`],
        ['notifications', count(REFERENCE_NOTIFICATIONS), count(sent)],
        ['requests of the server', count(REFERENCE_SERVER_REQUESTS), count(asked)],
        ['methods that a terminal client used', count(TERMINAL_SESSION), count(used)],
      ],
    ),
    '## Methods of clients',
    `A method that is not served is answered with error -32601 and \`<method> is not supported by this server\`. One that is experimental
needs the capability \`experimentalApi\`; without it the answer is error -32600.`,
    table(['method', 'served', 'experimental', 'what is missing'], ALL_METHODS.map(methodRow)),
    '## Notifications',
    'How each is delivered when a client is slow: [architecture](../ARCHITECTURE.md#delivery-classes).',
    table(['notification', 'sent', 'delivery'], REFERENCE_NOTIFICATIONS.map(notificationRow)),
    '## Requests of the server',
    table(
      ['request', 'made'],
      REFERENCE_SERVER_REQUESTS.map((method) => [code(method), yesNo(isServerRequestMethod(method))]),
    ),
    '## A session of a terminal client',
    `What the terminal client of the reference asked for in one long session over a websocket, in the order of first use: start, turns,
approvals, a plan, steering, an interrupt, a shell command, search, renaming, compaction, forking, resuming.`,
    table(['method', 'served', 'what is missing'], TERMINAL_SESSION.map(sessionRow)),
  ];
}

function rowOf(method: string): ClientRequestRow | undefined {
  return isClientRequestMethod(method) ? CLIENT_REQUESTS[method] : undefined;
}

function methodRow(method: string): readonly string[] {
  const row = rowOf(method);
  return [code(method), statusOf(row), EXPERIMENTAL_METHODS.has(method) ? 'yes' : '', row?.partial ?? ''];
}

function sessionRow(method: string): readonly string[] {
  const row = rowOf(method);
  return [code(method), statusOf(row), row?.partial ?? ''];
}

function statusOf(row: ClientRequestRow | undefined): string {
  if (row === undefined) return 'no';
  return row.partial === undefined ? 'yes' : 'in part';
}

function notificationRow(method: string): readonly string[] {
  if (!isNotificationMethod(method)) return [code(method), 'no', ''];
  return [code(method), 'yes', SERVER_NOTIFICATIONS[method].delivery];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

function count(names: readonly string[]): string {
  return String(names.length);
}
