import type { Skill } from '@millrace/core/ports';
import type { SkillMetadata, SkillsListResponse } from '@millrace/protocol';
import { directories } from '../directories.js';
import type { Handler } from '../handlers.js';

/** Handles `skills/list`: the skills that can be used in each directory, as they are on disk now. */
export const handleSkillsList: Handler<'skills/list'> = async (
  { cwds },
  { services },
): Promise<SkillsListResponse> => ({
  data: await Promise.all(
    directories(cwds, services).map(async (cwd) => {
      const { skills, errors } = await services.guidance.skills(cwd);
      return { cwd, skills: skills.map(describeSkill), errors };
    }),
  ),
});

function describeSkill({
  name,
  description,
  shortDescription,
  path,
  scope,
  isEnabled,
}: Skill): SkillMetadata {
  return {
    name,
    description,
    ...(shortDescription !== null && { shortDescription }),
    path,
    scope,
    enabled: isEnabled,
    pluginId: null,
  };
}
