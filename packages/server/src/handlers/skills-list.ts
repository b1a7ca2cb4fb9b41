import { directories } from '../directories.js';
import type { Handler } from '../handlers.js';

/** Handles `skills/list`: Millrace knows no skills yet, so every directory has none. */
export const handleSkillsList: Handler<'skills/list'> = ({ cwds }, { services }) => ({
  data: directories(cwds, services).map((cwd) => ({ cwd, skills: [], errors: [] })),
});
