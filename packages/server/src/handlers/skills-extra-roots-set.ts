import { checkDirectoryCount } from '../directories.js';
import type { Handler } from '../handlers.js';

/** Handles `skills/extraRoots/set`: where else skills are looked for until the server ends. Everybody is told after the answer. */
export const handleSkillsExtraRootsSet: Handler<'skills/extraRoots/set'> = ({ extraRoots }, context) => {
  checkDirectoryCount(extraRoots);
  const { guidance, router } = context.services;
  guidance.setExtraSkillRoots(extraRoots);
  context.afterwards(() => router.broadcast('skills/changed', {}));
  return {};
};
