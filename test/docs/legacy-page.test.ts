import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LEGACY_EVENTS, legacyDelivery } from '@millrace/protocol';
import { expect, test } from 'vitest';

const ROW = /^\| `(?<type>\w+)` \| (?:`(?<source>[^`]+)`|the end of the server) \| (?<delivery>\w+) \|/gm;

test('the page of legacy events names each of them, what it tells, and how it is delivered (EV-10)', () => {
  const path = fileURLToPath(new URL('../../docs/legacy-events.md', import.meta.url));
  const shown = [...readFileSync(path, 'utf8').matchAll(ROW)].map(({ groups }) => [
    groups?.type,
    groups?.source ?? null,
    groups?.delivery,
  ]);
  const made = Object.entries(LEGACY_EVENTS).map(([type, source]) => [
    type,
    source,
    legacyDelivery(`codex/event/${type}`),
  ]);
  expect(shown).toEqual(made);
});
