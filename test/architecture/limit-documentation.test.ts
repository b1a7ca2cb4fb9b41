import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { limitNames, undocumentedLimits } from './limit-documentation.js';
import { readRepositoryFile } from './source-file.js';

describe('limits.ts', () => {
  const text = readRepositoryFile('packages/protocol/src/limits.ts');

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
