import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isKnownMethod, SERVER_NOTIFICATIONS, SERVER_REQUESTS } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { PROTOCOL_PAGE, protocolPage } from './protocol-page.js';
import { REFERENCE_NOTIFICATIONS, REFERENCE_SERVER_REQUESTS, TERMINAL_SESSION } from './reference-names.js';

test('the page of the protocol is what the tables say; if not: npm run docs:protocol', () => {
  const path = fileURLToPath(new URL(`../../${PROTOCOL_PAGE}`, import.meta.url));
  expect(readFileSync(path, 'utf8')).toBe(protocolPage());
});

test('what the server sends and asks is known to the protocol', () => {
  const unknown = (names: readonly string[], known: readonly string[]) =>
    names.filter((name) => !known.includes(name));
  expect(unknown(Object.keys(SERVER_NOTIFICATIONS), REFERENCE_NOTIFICATIONS)).toEqual([]);
  expect(unknown(Object.keys(SERVER_REQUESTS), REFERENCE_SERVER_REQUESTS)).toEqual([]);
  expect(TERMINAL_SESSION.filter((method) => !isKnownMethod(method))).toEqual([]);
});
