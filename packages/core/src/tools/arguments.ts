import type { Arguments } from './tool.js';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'string[]' | 'object[]';

interface KindTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly object: Readonly<Record<string, unknown>>;
  readonly 'string[]': readonly string[];
  readonly 'object[]': readonly Readonly<Record<string, unknown>>[];
}

/** Names and kinds of a tool's arguments; a name that ends in `?` may be left out or null. */
export type ArgumentShape = Readonly<Record<string, Kind>>;

type Parsed<S extends ArgumentShape> = {
  readonly [K in keyof S as K extends `${string}?` ? never : K]: KindTypes[S[K]];
} & {
  readonly [K in keyof S as K extends `${infer Name}?` ? Name : never]?: KindTypes[S[K]];
};

/** Checks what a model wrote as arguments. Unknown names are ignored: models add some. */
export function parseArguments<const S extends ArgumentShape>(json: string, shape: S): Arguments<Parsed<S>> {
  const parsed = parseJson(json);
  if (parsed.type === 'invalid') return parsed;
  const raw = parsed.value;
  if (!isRecord(raw)) return invalid('expected an object');
  const value: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(shape)) {
    const isOptional = key.endsWith('?');
    const name = isOptional ? key.slice(0, -1) : key;
    const found = raw[name];
    if (found === undefined || found === null) {
      if (isOptional) continue;
      return invalid(`missing field \`${name}\``);
    }
    if (!isOfKind(found, kind)) return invalid(`invalid type for \`${name}\`: expected ${kind}`);
    value[name] = found;
  }
  return { type: 'valid', value: value as Parsed<S> };
}

/** Reads what a model wrote as the arguments of a tool that checks them itself. */
export function parseJson(json: string): Arguments<unknown> {
  try {
    return { type: 'valid', value: JSON.parse(json) };
  } catch (error) {
    return invalid(error instanceof Error ? error.message : 'not JSON');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'string[]') return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  if (kind === 'object[]')
    return Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null);
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (kind === 'object') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === kind;
}

function invalid(detail: string): { readonly type: 'invalid'; readonly text: string } {
  return { type: 'invalid', text: `failed to parse function arguments: ${detail}` };
}
