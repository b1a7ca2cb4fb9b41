import { isObject } from './json-value.js';
import { describeValue } from './value-text.js';

/** What the entries of a model's history must have, by their type. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, 'string' | 'sequence' | 'any'>>>> = {
  message: { role: 'string', content: 'sequence' },
  reasoning: { summary: 'sequence' },
  function_call: { name: 'string', arguments: 'string', call_id: 'string' },
  function_call_output: { call_id: 'string', output: 'any' },
  custom_tool_call: { call_id: 'string', name: 'string', input: 'string' },
  custom_tool_call_output: { call_id: 'string', output: 'any' },
};

/**
 * Reads one item of `thread/inject_items`.
 *
 * @returns `ignored` for a type that no model is given, and the text for the client where the item is none.
 */
export function readInjectedItem(
  value: unknown,
): { readonly type: 'item' | 'ignored' } | { readonly type: 'invalid'; readonly text: string } {
  if (!isObject(value)) {
    return invalid(`invalid type: ${describeValue(value)}, expected internally tagged enum ResponseItem`);
  }
  const { type } = value;
  if (type === undefined) return invalid('missing field `type`');
  if (typeof type !== 'string')
    return invalid(`invalid type: ${describeValue(type)}, expected variant identifier`);
  if (!Object.hasOwn(FIELDS, type)) return { type: 'ignored' };
  for (const [field, kind] of Object.entries(FIELDS[type] ?? {})) {
    const found = value[field];
    if (found === undefined) return invalid(`missing field \`${field}\``);
    if (kind === 'string' && typeof found !== 'string')
      return invalid(`invalid type: ${describeValue(found)}, expected a string`);
    if (kind === 'sequence' && !Array.isArray(found))
      return invalid(`invalid type: ${describeValue(found)}, expected a sequence`);
  }
  return { type: 'item' };
}

function invalid(text: string): { readonly type: 'invalid'; readonly text: string } {
  return { type: 'invalid', text };
}
