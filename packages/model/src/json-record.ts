/** A JSON object whose fields were not looked at yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that the text is the JSON of; undefined for anything else. */
export function parseRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: the caller decides what that means.
  }
}

/** The object in a field; undefined when there is none. */
export function recordIn(record: JsonRecord | undefined, field: string): JsonRecord | undefined {
  const value = record?.[field];
  return isRecord(value) ? value : undefined;
}

/** The text in a field; undefined when there is none. */
export function textIn(record: JsonRecord | undefined, field: string): string | undefined {
  const value = record?.[field];
  return typeof value === 'string' ? value : undefined;
}

/** The whole number of 0 and more in a field; 0 when there is none. */
export function countIn(record: JsonRecord | undefined, field: string): number {
  const value = record?.[field];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
