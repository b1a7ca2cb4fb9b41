import { isRecord } from './json-schema.js';

/** Objects whose keys are data, by the key that holds them. */
const MAPS: ReadonlySet<string> = new Set(['origins', 'readStates', 'env', 'features']);

/**
 * The key paths of a value with the JSON types that stand there, such as `thread.turns[].id` → `string`. An object with a `type` is a
 * member of a union and has paths of its own: `item{agentMessage}.text`.
 */
function shapeOf(value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = new Map<string, Set<string>>();
  visit(value, '', paths);
  return paths;
}

function visit(value: unknown, path: string, paths: Map<string, Set<string>>): void {
  if (path !== '') paths.set(path, (paths.get(path) ?? new Set()).add(typeName(value)));
  if (Array.isArray(value)) {
    for (const element of value) visit(element, `${path}[]`, paths);
  } else if (isRecord(value)) {
    const here = typeof value.type === 'string' ? `${path}{${value.type}}` : path;
    const isMap = MAPS.has(path.split('.').at(-1) ?? '');
    for (const [key, child] of Object.entries(value))
      visit(child, `${here}${here && '.'}${isMap ? '*' : key}`, paths);
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * The paths that are expected and not there, though the object that should hold them is; of a missing object only itself.
 */
export function missingPaths(expected: unknown, found: unknown): readonly string[] {
  const there = shapeOf(found);
  const isHeld = (path: string): boolean => {
    const parent = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
    return parent === '' || [...there.keys()].some((other) => other.startsWith(`${parent}.`));
  };
  return [...shapeOf(expected).keys()].filter(
    (path) => !path.endsWith('[]') && !there.has(path) && isHeld(path),
  );
}
