import type { Guidance } from '@millrace/core/ports';

/** Nobody has written anything down: for agents that are to read no files of their surroundings. */
export const noGuidance: Guidance = {
  instructions: async () => ({ sources: [], text: null }),
  skills: async () => ({ skills: [], errors: [] }),
  readSkill: async () => undefined,
  setExtraSkillRoots: () => {},
};
