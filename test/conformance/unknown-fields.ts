import { isRecord, type JsonSchema, schemaAt } from './json-schema.js';

/**
 * Names the fields of a value that its schema does not describe, such as `turn.startedAtMs`.
 *
 * Published schemas leave objects open, so a field whose name is spelt wrong is valid; this finds it. Of a union, the members whose
 * tag the value has count, and all of them together say what is known.
 */
export function unknownFields(root: JsonSchema, schema: JsonSchema, value: unknown): readonly string[] {
  return walk(root, [schema], value, '');
}

function walk(root: JsonSchema, schemas: readonly JsonSchema[], value: unknown, path: string): string[] {
  const fitting = schemas.flatMap((schema) => alternatives(root, schema, value));
  if (Array.isArray(value)) {
    const items = fitting.flatMap((schema) => schema.items ?? []);
    return items.length === 0 ? [] : value.flatMap((item) => walk(root, items, item, `${path}[]`));
  }
  if (!isRecord(value) || !fitting.some(({ properties }) => properties !== undefined)) return [];
  if (fitting.some(({ additionalProperties }) => additionalProperties)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const known = fitting.flatMap(({ properties }) => properties?.[key] ?? []);
    const name = path === '' ? key : `${path}.${key}`;
    return known.length === 0 ? [name] : walk(root, known, field, name);
  });
}

/** The schemas that together describe a value: references followed, unions reduced to the members that its tags allow. */
function alternatives(root: JsonSchema, schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  if (schema.$ref !== undefined) return alternatives(root, schemaAt(root, schema.$ref), value);
  if (!fitsTags(schema, value)) return [];
  const members = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...members.flatMap((member) => alternatives(root, member, value))];
}

/** Whether no field that may only have certain values has another one. */
function fitsTags({ properties = {} }: JsonSchema, value: unknown): boolean {
  if (!isRecord(value)) return true;
  return Object.entries(properties).every(
    ([key, field]) => field.enum === undefined || value[key] === undefined || field.enum.includes(value[key]),
  );
}
