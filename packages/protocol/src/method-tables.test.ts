import { expect, test } from 'vitest';
import type { z } from 'zod';
import { ALL_METHODS, isKnownMethod } from './all-methods.js';
import { CLIENT_REQUESTS, isClientRequestMethod } from './client-requests.js';
import { EXPERIMENTAL_METHODS } from './experimental-methods.js';
import { WarningNotification } from './server-notices.js';
import {
  isNotificationMethod,
  type NotificationMethod,
  SERVER_NOTIFICATIONS,
  type ServerNotificationRow,
} from './server-notifications.js';
import { isServerRequestMethod } from './server-requests.js';

const notifications = Object.entries<ServerNotificationRow>(SERVER_NOTIFICATIONS);

function fieldsOf(schema: z.ZodType): string[] {
  return Object.keys((schema as Partial<z.ZodObject>).shape ?? {});
}

test('every request that is served is a method of the protocol', () => {
  expect(Object.keys(CLIENT_REQUESTS).filter((method) => !isKnownMethod(method))).toEqual([]);
  expect([...EXPERIMENTAL_METHODS].filter((method) => !isKnownMethod(method))).toEqual([]);
  expect(new Set(ALL_METHODS).size).toBe(187);
});

test('names that objects inherit are no methods', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
  const isMethod = [isClientRequestMethod, isNotificationMethod, isServerRequestMethod, isKnownMethod];
  expect(names.filter((name) => isMethod.some((is) => is(name)))).toEqual([]);
});

test('a queue key names fields that the params always have', () => {
  for (const [method, row] of Object.entries(CLIENT_REQUESTS)) {
    if (row.key?.type !== 'thread' && row.key?.type !== 'threadOrPath') continue;
    expect([method, fieldsOf(row.params)]).toEqual([method, expect.arrayContaining(['threadId'])]);
  }
});

test('exactly the ends are reserved (EV-10)', () => {
  const reserved = notifications.filter(([, row]) => row.delivery === 'reserved').map(([method]) => method);
  expect(reserved).toEqual(['turn/completed', 'serverRequest/resolved', 'process/exited']);
});

test('the fields that a delivery class names are fields of the params (EV-10)', () => {
  for (const [method, row] of notifications) {
    const named = [
      ...(row.delivery === 'latest' ? row.key : []),
      ...('merge' in row && row.merge ? [...row.merge.item, row.merge.text] : []),
    ];
    const fields = fieldsOf(row.params);
    expect([method, named.filter((field) => !fields.includes(field))]).toEqual([method, []]);
  }
});

test('every delta merges within its own item and part (EV-10)', () => {
  const deltas = notifications.filter(([, row]) => fieldsOf(row.params).includes('delta'));
  expect(deltas.length).toBeGreaterThan(0);
  for (const [method, row] of deltas) {
    const item = 'merge' in row ? row.merge?.item : undefined;
    const others = fieldsOf(row.params).filter((field) => field !== 'delta' && field !== 'droppedBytes');
    expect([method, item]).toEqual([method, expect.arrayContaining(others)]);
  }
});

test('what belongs to a thread says which', () => {
  for (const [method, row] of notifications) {
    if (row.scope !== 'thread' || method === 'turn/started' || method === 'turn/completed') continue;
    expect([method, fieldsOf(row.params)]).toEqual([method, expect.arrayContaining(['threadId'])]);
  }
});

test('a notification without a class does not compile (EV-10)', () => {
  const without = { params: WarningNotification, scope: 'thread' } as const;
  // @ts-expect-error The delivery class is missing.
  const row: ServerNotificationRow = without;
  const latest = { ...without, delivery: 'latest' } as const;
  // @ts-expect-error The key of the state is missing.
  const stateRow: ServerNotificationRow = latest;
  const method: NotificationMethod = 'turn/completed';
  expect([row, stateRow, SERVER_NOTIFICATIONS[method].delivery]).toEqual([without, latest, 'reserved']);
});
