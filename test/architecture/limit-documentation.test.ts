import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { limitNames, undocumentedLimits } from './limit-documentation.js';
import { isTest, readRepositoryFile, readSources } from './source-file.js';

describe('limits.ts', () => {
  const text = readRepositoryFile('packages/protocol/src/limits.ts');

  it('holds no limit that nothing enforces', () => {
    const code = readSources()
      .filter((file) => !isTest(file))
      .map((file) => file.text)
      .join('\n');
    expect(Object.keys(LIMITS).filter((name) => !new RegExp(`LIMITS\\.${name}\\b`).test(code))).toEqual([]);
  });

  it('says of every limit what it bounds and why', () => {
    expect(limitNames(text)).toEqual(Object.keys(LIMITS));
    expect(undocumentedLimits(text)).toEqual([]);
  });
});

describe('the check of its comments', () => {
  it('notices a limit without one, also when the comment above belongs to another', () => {
    const text =
      '  /** Bytes of one line. */\n  lineBytes: 8,\n  jsonDepth: 64,\n\n  /**\n   * More.\n   */\n  turns: 2,\n';
    expect(limitNames(text)).toEqual(['lineBytes', 'jsonDepth', 'turns']);
    expect(undocumentedLimits(text)).toEqual(['jsonDepth']);
  });
});
