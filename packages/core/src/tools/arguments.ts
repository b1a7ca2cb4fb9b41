import type { Arguments } from './tool.js';

type Kind = 'string' | 'number' | 'boolean' | 'string[]' | 'object[]';

interface KindTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
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
  const raw = parseObject(json);
  if (typeof raw === 'string') return invalid(raw);
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

function parseObject(json: string): Readonly<Record<string, unknown>> | string {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
    return 'expected an object';
  } catch (error) {
    return error instanceof Error ? error.message : 'not JSON';
  }
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'string[]') return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  if (kind === 'object[]')
    return Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null);
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === kind;
}

function invalid(detail: string): { readonly type: 'invalid'; readonly text: string } {
  return { type: 'invalid', text: `failed to parse function arguments: ${detail}` };
}
