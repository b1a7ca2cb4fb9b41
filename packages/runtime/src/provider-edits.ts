import type { ConfigEdit, CustomGatewayPatch } from '@millrace/protocol';

/** The keys of `config.toml` that a patch changes: what it leaves out stays, null removes. */
export function providerEdits(
  id: string,
  { name, baseUrl, envKey }: CustomGatewayPatch,
): readonly ConfigEdit[] {
  const values = { name, base_url: baseUrl, env_key: envKey };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      keyPath: `model_providers.${JSON.stringify(id)}.${key}`,
      mergeStrategy: 'replace',
      value,
    }));
}

/** An id for a provider that has none: its name in small letters, numbered where that is taken. */
export function newProviderId(name: string, isTaken: (id: string) => boolean): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['custom'];
  const id = words.join('-');
  for (let number = 2, next = id; ; number += 1) {
    if (!isTaken(next)) return next;
    next = `${id}-${number}`;
  }
}
