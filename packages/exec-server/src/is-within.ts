import { sep } from 'node:path';

/** Whether `path` is `directory` or lies in it, segment by segment. Both are absolute and normal; links are not followed. */
export function isWithin(path: string, directory: string): boolean {
  const prefix = directory.endsWith(sep) ? directory : directory + sep;
  return path === directory || path.startsWith(prefix);
}
