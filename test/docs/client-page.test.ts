import { readFileSync } from 'node:fs';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8');

describe('the page of the client', () => {
  it('has the limits as they are', () => {
    const grouped = (value: number) => value.toLocaleString('en-US');
    expect(page).toContain(`\`inactivityMs\` (${grouped(LIMITS.turnInactivityMs)};`);
    expect(page).toContain(`\`channelCapacity\` events (${LIMITS.channelCapacity})`);
    expect(page).toContain(`\`slowConsumerGraceMs\` (${grouped(LIMITS.slowConsumerGraceMs)})`);
    expect(page).toContain(
      `(${LIMITS.childStartupMs / 1_000} s for a child, ${LIMITS.connectMs / 1_000} s for a socket)`,
    );
    expect(page).toContain(`above ${LIMITS.clientMessageBytes / 1_048_576} MiB`);
    expect(page).toContain(`waits ${LIMITS.shutdownGraceMs / 1_000} s before it kills`);
  });

  it('names every kind of transport error', () => {
    const source = readFileSync(new URL('../../packages/client/src/errors.ts', import.meta.url), 'utf8');
    const kinds = [...source.matchAll(/^ {2}\| '(?<kind>\w+)'/gm)].map(({ groups }) => groups?.kind);
    expect(kinds.length).toBeGreaterThan(5);
    for (const kind of kinds) expect(page).toContain(`| \`${kind}\` |`);
  });
});
