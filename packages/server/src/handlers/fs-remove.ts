import { told } from '../file-error.js';
import type { Handler } from '../handlers.js';

/** Handles `fs/remove`. */
export const handleFsRemove: Handler<'fs/remove'> = async ({ path, recursive, force }, { services }) => {
  await told(services.files.remove(path, { recursive, force }));
  return {};
};
