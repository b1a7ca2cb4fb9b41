/** A JSON Schema as far as the checks look into it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Whether a value is an object of JSON, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a JSON pointer such as `#/definitions/v2/Thread` leads to.
 *
 * @throws {Error} when it leads nowhere.
 */
export function schemaAt(root: JsonSchema, pointer: string): JsonSchema {
  let found: unknown = root;
  for (const key of pointer.split('/').slice(1)) found = isRecord(found) ? found[key] : undefined;
  if (!isRecord(found)) throw new Error(`the schema has nothing at ${pointer}`);
  return found;
}
