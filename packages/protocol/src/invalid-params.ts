import type { z } from 'zod';
import { ALL_METHODS } from './all-methods.js';
import { CLIENT_REQUESTS, type ClientRequestMethod } from './client-requests.js';
import { describeValue, unknownVariant } from './value-text.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The text for a method that the protocol does not know. Lists those that it knows, so it is long. */
export function describeUnknownMethod(method: string): string {
  return invalid(unknownVariant(method, ALL_METHODS));
}

/** The text for a request that came without the params it needs. */
export function describeMissingParams(): string {
  return invalid('missing field `params`');
}

/**
 * Says what is wrong with params, in the words that clients of the protocol know.
 *
 * Of several faults it names the one that stands first in the params; fields that are missing come last.
 *
 * @param issues What the schema of the method found, at least one.
 * @param params The params as they came.
 */
export function describeInvalidParams(
  method: ClientRequestMethod,
  issues: readonly Issue[],
  params: unknown,
): string {
  const first = firstFault(issues, [], params);
  const value = valueAt(params, first.path);
  return invalid(
    first.path.length === 0 ? describeRoot(method, first.issue, value) : describeField(first, value),
  );
}

function invalid(text: string): string {
  return `Invalid request: ${text}`;
}

interface Fault {
  readonly issue: Issue;
  /** From the params as a whole, also for an issue inside a union. */
  readonly path: Path;
  /** Where each step of the path stands among its neighbours. */
  readonly position: readonly number[];
}

function firstFault(issues: readonly Issue[], prefix: Path, params: unknown): Fault {
  let first: Fault | undefined;
  for (const issue of issues) {
    const fault = faultOf(issue, prefix, params);
    if (first === undefined || stands(fault.position, first.position) < 0) first = fault;
  }
  if (first === undefined) throw new TypeError('params without an issue have nothing to describe');
  return first;
}

function faultOf(issue: Issue, prefix: Path, params: unknown): Fault {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const inside = issue.errors.find((errors) =>
      errors.some((error) => error.path.length > 0 && reaches(params, path, error)),
    );
    if (inside !== undefined) return firstFault(inside, path, params);
  }
  return { issue, path, position: positionOf(params, path) };
}

/** Whether the value has the key that an option of a union looks into, so that it must have been meant. */
function reaches(params: unknown, path: Path, error: Issue): boolean {
  return valueAt(params, [...path, ...error.path.slice(0, 1)]) !== undefined;
}

function positionOf(params: unknown, path: Path): number[] {
  let value = params;
  return path.map((key) => {
    const keys =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
    value = valueAt(value, [key]);
    if (keys === undefined) return Number(key);
    const index = keys.indexOf(String(key));
    return index < 0 ? Number.POSITIVE_INFINITY : index;
  });
}

/** Below 0 when `a` stands before `b`. */
function stands(a: readonly number[], b: readonly number[]): number {
  for (let depth = 0; depth < a.length && depth < b.length; depth += 1) {
    const [left = 0, right = 0] = [a[depth], b[depth]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return current;
}

function describeRoot(method: ClientRequestMethod, { code }: Issue, value: unknown): string {
  const { params: schema, struct = structOf(method) } = CLIENT_REQUESTS[method];
  if (code === 'invalid_union') return `data did not match any variant of untagged enum ${struct}`;
  const fields = Object.keys((schema as Partial<z.ZodObject>).shape ?? {}).length;
  if (Array.isArray(value) && value.length < fields) {
    return `invalid length ${value.length}, expected struct ${struct} with ${fields} elements`;
  }
  return `invalid type: ${describeValue(value)}, expected struct ${struct}`;
}

/** `thread/loaded/list` → `ThreadLoadedListParams`. */
function structOf(method: string): string {
  return `${method.split('/').map(capitalise).join('')}Params`;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function describeField({ issue, path }: Fault, value: unknown): string {
  const field = path.findLast((key) => typeof key === 'string') ?? '';
  if (value === undefined) return `missing field \`${field}\``;
  switch (issue.code) {
    case 'invalid_type':
      return `invalid type: ${describeValue(value)}, expected ${expectation(issue, field)}`;
    case 'too_small':
    case 'too_big':
      return typeof value === 'number'
        ? `invalid value: ${describeValue(value)}, expected u32`
        : `invalid value: ${describeValue(value)}`;
    case 'invalid_value':
      return unknownVariant(value, issue.values.map(String));
    case 'invalid_union':
      if (issue.discriminator === undefined) return issue.message;
      return typeof value === 'string'
        ? unknownVariant(value, tagsOf(issue))
        : `invalid type: ${describeValue(value)}, expected variant identifier`;
    default:
      return issue.message;
  }
}

function tagsOf(issue: Issue): string[] {
  const { options } = issue as { readonly options?: readonly unknown[] };
  return (options ?? []).filter((option) => typeof option === 'string');
}

/** How types are called in error texts; objects are named by the field that holds them. */
const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'a boolean',
  array: 'a sequence',
  record: 'a map',
  number: 'u32',
  int: 'u32',
};

/** Objects that are not called by the field that holds them. */
const OBJECTS: Readonly<Record<string, string>> = {
  capabilities: 'struct InitializeCapabilities',
  dynamicTools: 'struct DynamicToolSpec',
  input: 'internally tagged enum UserInput',
  sandboxPolicy: 'internally tagged enum SandboxPolicy',
  text_elements: 'struct TextElement',
};

function expectation(issue: Issue & { readonly expected: string }, field: string): string {
  return EXPECTATIONS[issue.expected] ?? OBJECTS[field] ?? `struct ${capitalise(field)}`;
}
