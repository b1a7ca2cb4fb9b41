import { afterEach, describe, expect, it, vi } from 'vitest';
import { localHost } from './local-host.js';

afterEach(() => vi.unstubAllEnvs());

describe('localHost', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['', 'UTC'],
    ['no such place', 'UTC'],
  ])('has a time zone that dates can be told in where TZ is %j', (variable, timezone) => {
    vi.stubEnv('TZ', variable);
    expect(localHost({}, '/home').timezone).toBe(timezone);
    expect(() => new Intl.DateTimeFormat('en', { timeZone: timezone })).not.toThrow();
  });
});
