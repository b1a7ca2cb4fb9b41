import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { capabilityToken } from './bearer-auth.js';

const TOKEN = 'a-token-that-nobody-guesses';
const auth = capabilityToken(createHash('sha256').update(TOKEN).digest('hex'));

it('lets in who sends the token, in whichever case the scheme is written', () => {
  const headers = [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN} `];
  expect(headers.map((header) => auth?.refuse(header))).toEqual(headers.map(() => undefined));
});

it('says what is wrong with every other header', () => {
  expect(auth?.refuse(undefined)).toBe('missing websocket bearer token');
  for (const header of ['', TOKEN, `Basic ${TOKEN}`, 'Bearer', 'Bearer ', `Bearer ${TOKEN} ${TOKEN}`])
    expect([header, auth?.refuse(header)]).toEqual([header, 'invalid authorization header']);
  for (const token of [TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase(), `"${TOKEN}"`, `${TOKEN},x`])
    expect([token, auth?.refuse(`Bearer ${token}`)]).toEqual([token, 'invalid websocket bearer token']);
});

it('takes a digest in either case, and nothing that is none', () => {
  const digest = createHash('sha256').update(TOKEN).digest('hex');
  expect(capabilityToken(digest.toUpperCase())?.refuse(`Bearer ${TOKEN}`)).toBeUndefined();
  for (const text of ['', digest.slice(1), `${digest}0`, digest.replace(/^./, 'g')])
    expect(capabilityToken(text)).toBeUndefined();
});
