import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { RuntimeOptions } from '@millrace/runtime';
import { parse } from 'smol-toml';

/** Keys of `config.toml` that count over the file's. */
export type ConfigOverride = NonNullable<RuntimeOptions['config']>;

/**
 * Reads one `key=value` of the command line and adds it to those before it; a later one of the same key wins. The key may be dotted.
 * The value is TOML; what is no TOML is a text, so that `model=gpt-5.5` needs no quotes.
 *
 * @throws {InvalidArgumentError} when there is no key or no value.
 */
export function addConfigOverride(argument: string, before: ConfigOverride = {}): ConfigOverride {
  const equals = argument.indexOf('=');
  const key = argument.slice(0, Math.max(equals, 0)).trim();
  if (key === '') throw new InvalidArgumentError('Expected key=value, such as model="gpt-5.5".');
  return merge(before, readTable(key, argument.slice(equals + 1).trim()));
}

function readTable(key: string, value: string): ConfigOverride {
  for (const text of [value, JSON.stringify(value)]) {
    try {
      return parse(`${key} = ${text}`, { unsafeKeyBehaviour: 'throw' });
    } catch {
      // Not TOML as it stands: the second try takes it as a text.
    }
  }
  throw new InvalidArgumentError(`\`${key}\` is no key of TOML, or its value no text.`);
}

function merge(before: ConfigOverride, after: ConfigOverride): ConfigOverride {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    const existing = merged.get(key);
    merged.set(key, isTable(existing) && isTable(value) ? merge(existing, value) : value);
  }
  return Object.fromEntries(merged);
}

function isTable(value: unknown): value is ConfigOverride {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value);
}
