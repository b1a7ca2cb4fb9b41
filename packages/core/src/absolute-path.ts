/**
 * Resolves `path` against the absolute directory `base`, without looking at the disk: `.`, `..` and doubled slashes are
 * taken out, `..` at the root stays at the root, a trailing slash is dropped.
 */
export function absolutePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The directory that holds an absolute, resolved path; the root holds itself. */
export function parentDirectory(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The last part of a path; empty for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `path` seen from the directory `root` when it lies inside, else `path` as it is. Both are absolute and resolved. */
export function pathFromRoot(root: string, path: string): string {
  const prefix = root === '/' ? root : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Whether `path` is the directory or lies in it, segment by segment. Both are absolute and resolved. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? directory : `${directory}/`);
}
