import { defineProject } from 'vitest/config';
import { patience, sourceResolution } from '../vitest.shared.js';

export default defineProject({
  ...sourceResolution,
  test: { ...patience, name: 'test', include: ['**/*.test.ts'] },
});
