import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LIMITS } from '@millrace/protocol';
import { expect, test } from 'vitest';

const MIB = 1024 * 1024;
const page = read('docs/transports.md');

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

const number = (count: number): string => count.toLocaleString('en-US');

test('the page of the transports shows each close code with its reason, as the server sends it', () => {
  const sent = read('packages/transport/src/websocket-transport.ts').matchAll(
    /^ {2}\w+: \[(?<code>\d{4}), '(?<reason>[^']*)'\],$/gm,
  );
  const rows = [...sent].map(({ groups }) => `| ${groups?.code} | ${groups?.reason || '–'} |`);
  expect(rows).toHaveLength(4);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test.each([
  ['there are {} connections already', LIMITS.connections],
  ['connections of a server | {} |', LIMITS.connections],
  ['in a handshake among them | {} |', LIMITS.listenerSockets],
  ['a message of more than {} MiB', LIMITS.lineBytes / MIB],
  ['a message | {} MiB |', LIMITS.lineBytes / MIB],
  ['answered -32001 | {} |', LIMITS.inFlightRequests],
  ['events that wait for one client | {} (', LIMITS.channelCapacity],
  ['`--channel-capacity`), and {} MiB', LIMITS.viewBytes / MIB],
  ['ends and questions of one client | {} |', LIMITS.reservedSlots],
  ['more than {} MiB waited', LIMITS.connectionBytes / MIB],
  ['the grace of {} ms', LIMITS.slowConsumerGraceMs],
  ['or {} pings in a row', LIMITS.unansweredPings],
  ['one every {} ms', LIMITS.pingIntervalMs],
  ['after {} wrong ones in a row', LIMITS.badTokensBeforeDelay],
  ['each further answer takes {} ms', LIMITS.badTokenDelayMs],
  ['not complete after {} ms', LIMITS.handshakeMs],
  ['`--drain-timeout` ({} seconds)', LIMITS.drainMs / 1_000],
  ['within {} seconds', LIMITS.shutdownGraceMs / 1_000],
])('the page of the transports says "%s" as the limit does', (sentence, limit) => {
  expect(page).toContain(sentence.replace('{}', number(limit)));
});
