import { createHmac } from 'node:crypto';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type SignedBearerOptions, signedBearer } from './signed-bearer.js';

const SECRET = Buffer.from('0123456789abcdef0123456789abcdef');
const clock = new VirtualClock();
const nowSeconds = clock.now() / 1_000;
const later = { exp: nowSeconds + 60 };

function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

function sign(claims: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function refusal(token: string, options: Partial<SignedBearerOptions> = {}): string | undefined {
  const auth = signedBearer({ secret: SECRET, clockSkewSeconds: 30, clock, ...options });
  return auth.refuse(`Bearer ${token}`);
}

describe('a signed bearer token', () => {
  it('is good while it lasts, with the skew of clocks', () => {
    expect(refusal(sign(later))).toBeUndefined();
    expect(refusal(sign({ exp: nowSeconds - 29 }))).toBeUndefined();
    expect(refusal(sign({ exp: nowSeconds - 30 }))).toBe('expired websocket jwt');
    expect(refusal(sign({ ...later, nbf: nowSeconds + 30 }))).toBeUndefined();
    expect(refusal(sign({ ...later, nbf: nowSeconds + 31 }))).toBe('websocket jwt is not valid yet');
  });

  it('has to name the issuer and the audience that are asked for', () => {
    const options = { issuer: 'us', audience: 'them' };
    expect(refusal(sign({ ...later, iss: 'us', aud: 'them' }), options)).toBeUndefined();
    expect(refusal(sign({ ...later, iss: 'us', aud: ['x', 'them'] }), options)).toBeUndefined();
    expect(refusal(sign({ ...later, iss: 'me', aud: 'them' }), options)).toBe(
      'websocket jwt issuer mismatch',
    );
    expect(refusal(sign({ ...later, aud: 'them' }), options)).toBe('websocket jwt issuer mismatch');
    expect(refusal(sign({ ...later, iss: 'us' }), options)).toBe('websocket jwt audience mismatch');
    expect(refusal(sign({ ...later, iss: 'us', aud: 'themselves' }), options)).toBe(
      'websocket jwt audience mismatch',
    );
  });

  it('is refused where anything about it is odd', () => {
    const good = sign(later);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const odd = [
      'x',
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${good}.x`,
      `${header}.${encode({ exp: nowSeconds + 9_999 })}.${signature}`,
      sign(later, { alg: 'HS256' }, Buffer.from('another secret of thirty-two byte')),
      sign(later, { alg: 'none' }),
      sign(later, { alg: 'HS512' }),
      sign(later, { alg: 'HS256', crit: ['b64'] }),
      sign(later, 'no json'),
      sign(later, null),
      sign('no json'),
      sign(null),
      sign({}),
      sign({ exp: String(later.exp) }),
      sign({ ...later, nbf: 'soon' }),
    ];
    expect(odd.map((token) => refusal(token))).toEqual(odd.map(() => 'invalid websocket jwt'));
  });

  it('cannot be made with a secret that is too short', () => {
    const make = () => signedBearer({ secret: SECRET.subarray(1), clockSkewSeconds: 0, clock });
    expect(make).toThrow(RangeError);
  });
});
