import { describe, expect, it } from 'vitest';
import { shapeFindings } from './file-shape.js';
import { readSources } from './source-file.js';

describe('source files', () => {
  it('are named after one noun and stay small', () => {
    expect(shapeFindings(readSources())).toEqual([]);
  });
});

describe('the check of names and sizes', () => {
  const findings = (path: string, text = ''): readonly string[] =>
    shapeFindings([{ packageFolder: path.split('/')[1] ?? '', path, text }]);

  it('notices a name that says nothing, of a file or a folder', () => {
    expect(findings('packages/core/src/utils.ts')).toHaveLength(1);
    expect(findings('packages/core/src/helpers.test.ts')).toHaveLength(1);
    expect(findings('packages/core/src/shared/turn.ts')).toHaveLength(1);
    expect(findings('packages/core/src/turn.ts')).toEqual([]);
  });

  it('notices a name in another case', () => {
    expect(findings('packages/core/src/turnOutput.ts')).toHaveLength(1);
    expect(findings('packages/tui/src/turn-view.tsx')).toEqual([]);
  });

  it('notices the first line too many, with more room for tests', () => {
    expect(findings('packages/core/src/turn.ts', 'x;\n'.repeat(350))).toEqual([]);
    expect(findings('packages/core/src/turn.ts', 'x;\n'.repeat(351))).toHaveLength(1);
    expect(findings('packages/core/src/turn.test.ts', 'x;\n'.repeat(351))).toEqual([]);
    expect(findings('packages/core/src/turn.test.ts', 'x;\n'.repeat(601))).toHaveLength(1);
  });
});
