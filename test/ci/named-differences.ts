const HEADING = '## Recorded conversations that differ';

/** The names of the recorded conversations that a page about differences accounts for. Empty without such a part. */
export function namedDifferences(page: string): ReadonlySet<string> {
  const part = page.split(HEADING)[1]?.split('\n## ')[0] ?? '';
  const names = part
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/gu)].map(([, name]) => name ?? ''));
  return new Set(names);
}
