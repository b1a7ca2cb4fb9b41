import { directories } from '../directories.js';
import type { Handler } from '../handlers.js';

/** Handles `hooks/list`: Millrace runs no hooks, so every directory has none. */
export const handleHooksList: Handler<'hooks/list'> = ({ cwds }, { services }) => ({
  data: directories(cwds, services).map((cwd) => ({ cwd, hooks: [], warnings: [], errors: [] })),
});
