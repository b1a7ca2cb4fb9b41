import { createHash, timingSafeEqual } from 'node:crypto';

/** Decides by the `Authorization` header whether a peer may connect. */
export interface BearerAuth {
  /** What is wrong with the header, in words for the peer; undefined when it is good. */
  refuse(authorization: string | undefined): string | undefined;
}

const SHA256_HEX = /^[0-9a-f]{64}$/i;

/**
 * Lets in who knows one token. Only its SHA-256 is kept, and digests are compared in constant time.
 *
 * @param sha256 Hexadecimal. Undefined is returned for anything else.
 */
export function capabilityToken(sha256: string): BearerAuth | undefined {
  if (!SHA256_HEX.test(sha256)) return undefined;
  const expected = Buffer.from(sha256, 'hex');
  return bearerAuth((token) =>
    timingSafeEqual(createHash('sha256').update(token).digest(), expected)
      ? undefined
      : 'invalid websocket bearer token',
  );
}

/** Takes the token out of the header and has it checked. */
export function bearerAuth(refuseToken: (token: string) => string | undefined): BearerAuth {
  return {
    refuse: (authorization) => {
      if (authorization === undefined) return 'missing websocket bearer token';
      const token = /^Bearer +(?<token>\S+) *$/i.exec(authorization)?.groups?.token;
      return token === undefined ? 'invalid authorization header' : refuseToken(token);
    },
  };
}
