import { SERVER_NOTIFICATIONS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { documentedPaths } from './documented-path.js';
import { listRepositoryFiles, readRepositoryFile, repositoryFileExists } from './source-file.js';

const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'AGENTS.md',
  'REVIEW.md',
  ...listRepositoryFiles('docs').filter((path) => path.endsWith('.md')),
];

describe('the documents', () => {
  it.each(DOCUMENTS)('%s names files that exist', (path) => {
    const named = documentedPaths(path, readRepositoryFile(path));
    expect(named.filter((target) => !repositoryFileExists(target))).toEqual([]);
  });

  it('show every notification in the class in which it is delivered (EV-10)', () => {
    const rows = readRepositoryFile('ARCHITECTURE.md').matchAll(
      /^\| `(?<delivery>\w+)` \|.*\|(?<methods>[^|]*)\|$/gm,
    );
    const shown = [...rows].flatMap(({ groups }) =>
      [...(groups?.methods ?? '').matchAll(/`(?<method>[^`]+)`/g)].map(
        (match) => `${match.groups?.method}: ${groups?.delivery}`,
      ),
    );
    const delivered = Object.entries(SERVER_NOTIFICATIONS).map(
      ([method, { delivery }]) => `${method}: ${delivery}`,
    );
    expect(shown.sort()).toEqual(delivered.sort());
  });
});

describe('the search for paths in a text', () => {
  it('finds relative links and source files, and passes over addresses and anchors', () => {
    const text = `See [a](decisions/one.md#top), [b](../README.md), [c](https://example.org/x.md), [d](#here)
      and \`core/src/turn.ts\` or packages/core/src/turn.ts.`;
    expect(documentedPaths('docs/index.md', text)).toEqual([
      'docs/decisions/one.md',
      'README.md',
      'packages/core/src/turn.ts',
    ]);
  });
});
