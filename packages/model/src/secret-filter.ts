/** Names of headers and parameters whose values are secrets. */
const SECRET_NAME = /auth|cookie|credential|key|password|secret|token/i;

/** Characters under which a value is too common a word to be taken out of a text. */
const SECRET_LENGTH_MIN = 8;

const PLACE_HOLDER = '[redacted]';

/** Takes secrets out of a text that people will read. */
export type SecretFilter = (text: string) => string;

/**
 * Makes the filter for a provider's secrets. A server may repeat in its error what it was sent, so every text of a server goes
 * through it.
 *
 * @param named Headers and parameters by name; only the values of names such as `authorization` or `api-key` are secrets.
 */
export function secretFilter(
  apiKey: string | undefined,
  ...named: readonly (Readonly<Record<string, string>> | undefined)[]
): SecretFilter {
  const values = named
    .flatMap((record) => Object.entries(record ?? {}))
    .filter(([name]) => SECRET_NAME.test(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)]);
  const secrets = [...new Set([...(apiKey === undefined ? [] : [apiKey]), ...values])]
    .filter((secret) => secret.length >= SECRET_LENGTH_MIN)
    .sort((one, other) => other.length - one.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, PLACE_HOLDER), text);
}
