import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemClock } from '@millrace/channel';
import { type BearerAuth, capabilityToken, SHORTEST_SECRET_BYTES, signedBearer } from '@millrace/transport';
import { UsageError } from './user-error.js';

/** Who may connect to a websocket, as the command line says it. */
export interface WebSocketAuthOptions {
  readonly wsAuth?: 'capability-token' | 'signed-bearer-token';
  readonly wsTokenFile?: string;
  readonly wsTokenSha256?: string;
  readonly wsSharedSecretFile?: string;
  readonly wsIssuer?: string;
  readonly wsAudience?: string;
  readonly wsMaxClockSkewSeconds?: number;
}

/** By how many seconds clocks may differ when the command line does not say. */
const CLOCK_SKEW_SECONDS = 30;

/**
 * Makes the check of tokens; undefined where none was asked for. Files are read once, without the white space around their text.
 *
 * @throws {UsageError} when the options do not fit together, or a file holds nothing that can be used.
 */
export async function readWebSocketAuth(options: WebSocketAuthOptions): Promise<BearerAuth | undefined> {
  const { wsAuth } = options;
  if (wsAuth === 'capability-token') return readCapabilityToken(options);
  if (wsAuth === 'signed-bearer-token') return readSignedBearer(options);
  const needsAuth = [
    options.wsTokenFile,
    options.wsTokenSha256,
    options.wsSharedSecretFile,
    options.wsIssuer,
    options.wsAudience,
    options.wsMaxClockSkewSeconds,
  ];
  if (needsAuth.some((value) => value !== undefined))
    throw new UsageError('the other --ws options need --ws-auth');
  return undefined;
}

async function readCapabilityToken({
  wsTokenFile,
  wsTokenSha256,
}: WebSocketAuthOptions): Promise<BearerAuth> {
  if ((wsTokenFile === undefined) === (wsTokenSha256 === undefined))
    throw new UsageError('--ws-auth capability-token needs either --ws-token-file or --ws-token-sha256');
  const sha256 = wsTokenSha256 ?? (await digestOf(wsTokenFile ?? ''));
  const auth = capabilityToken(sha256);
  if (auth === undefined) throw new UsageError('--ws-token-sha256: expected 64 hexadecimal digits');
  return auth;
}

async function digestOf(path: string): Promise<string> {
  const token = (await readFile(path, 'utf8')).trim();
  if (!/^\S+$/.test(token)) throw new UsageError(`--ws-token-file: ${path} has to hold one token`);
  return createHash('sha256').update(token).digest('hex');
}

async function readSignedBearer(options: WebSocketAuthOptions): Promise<BearerAuth> {
  const { wsSharedSecretFile, wsIssuer, wsAudience, wsMaxClockSkewSeconds = CLOCK_SKEW_SECONDS } = options;
  if (wsSharedSecretFile === undefined)
    throw new UsageError('--ws-auth signed-bearer-token needs --ws-shared-secret-file');
  const secret = Buffer.from((await readFile(wsSharedSecretFile, 'utf8')).trim());
  if (secret.length < SHORTEST_SECRET_BYTES)
    throw new UsageError(
      `--ws-shared-secret-file: ${wsSharedSecretFile} has to hold ${SHORTEST_SECRET_BYTES} bytes or more`,
    );
  return signedBearer({
    secret,
    ...(wsIssuer === undefined ? {} : { issuer: wsIssuer }),
    ...(wsAudience === undefined ? {} : { audience: wsAudience }),
    clockSkewSeconds: wsMaxClockSkewSeconds,
    clock: systemClock,
  });
}
