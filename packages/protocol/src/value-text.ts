import { LIMITS } from './limits.js';

/** A JSON value in the words of an error text: ``integer `5` ``, `string "x"`, `sequence`, `map`. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `string ${JSON.stringify(shorten(value))}`;
  if (typeof value === 'boolean') return `boolean \`${value}\``;
  if (typeof value === 'number') {
    return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``;
  }
  return Array.isArray(value) ? 'sequence' : 'map';
}

/** The error text for a value that should have been, or been keyed by, one of some words. */
export function unknownVariant(value: unknown, variants: readonly string[]): string {
  const word = typeof value === 'string' ? value : onlyKey(value);
  if (word === undefined) return `invalid type: ${describeValue(value)}, expected string or map`;
  return `unknown variant \`${shorten(word)}\`, expected ${listWords(variants)}`;
}

/** `` `a` ``, `` `a` or `b` ``, or ``one of `a`, `b`, `c` ``. */
function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length > 2 ? `one of ${quoted.join(', ')}` : quoted.join(' or ');
}

function onlyKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0] : undefined;
}

function shorten(text: string): string {
  return text.length > LIMITS.quotedChars ? `${text.slice(0, LIMITS.quotedChars)}…` : text;
}
