import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@millrace/channel';
import { type BearerAuth, bearerAuth } from './bearer-auth.js';

export interface SignedBearerOptions {
  /** The key of the signatures, at least {@link SHORTEST_SECRET_BYTES} long. */
  readonly secret: Buffer;
  /** What `iss` has to be, where it matters. */
  readonly issuer?: string;
  /** What `aud` has to be or contain, where it matters. */
  readonly audience?: string;
  /** Seconds by which the clocks of the two machines may differ. */
  readonly clockSkewSeconds: number;
  readonly clock: Clock;
}

/** The length of an HS256 signature: a shorter key is easier to guess than the signature (RFC 7518, section 3.2). */
export const SHORTEST_SECRET_BYTES = 32;

const INVALID = 'invalid websocket jwt';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Lets in who holds a JWT that is signed with the shared secret (RFC 7519, HS256 alone). It has to have an `exp`; `nbf` counts where
 * it stands. Nothing of a token is looked at before its signature is found to be good.
 *
 * @throws {RangeError} when the secret is too short.
 */
export function signedBearer(options: SignedBearerOptions): BearerAuth {
  if (options.secret.length < SHORTEST_SECRET_BYTES)
    throw new RangeError(`the secret has to have ${SHORTEST_SECRET_BYTES} bytes or more`);
  return bearerAuth((token) => {
    const claims = readClaims(token, options.secret);
    return claims === undefined ? INVALID : refuseClaims(claims, options);
  });
}

function readClaims(token: string, secret: Buffer): Claims | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const head = readPart(header);
  // `crit` names extensions that a reader must understand, and this one understands none.
  return head?.alg === 'HS256' && !('crit' in head) ? readPart(payload) : undefined;
}

function readPart(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function refuseClaims(
  { exp, nbf, iss, aud }: Claims,
  { clock, clockSkewSeconds, issuer, audience }: SignedBearerOptions,
): string | undefined {
  const nowSeconds = clock.now() / 1_000;
  if (typeof exp !== 'number' || !(nbf === undefined || typeof nbf === 'number')) return INVALID;
  if (exp + clockSkewSeconds <= nowSeconds) return 'expired websocket jwt';
  if (nbf !== undefined && nbf - clockSkewSeconds > nowSeconds) return 'websocket jwt is not valid yet';
  if (issuer !== undefined && iss !== issuer) return 'websocket jwt issuer mismatch';
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audience !== undefined && !audiences.includes(audience)) return 'websocket jwt audience mismatch';
  return undefined;
}
