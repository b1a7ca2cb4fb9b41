import { told } from '../file-error.js';
import type { Handler } from '../handlers.js';

/** Handles `fs/createDirectory`. */
export const handleFsCreateDirectory: Handler<'fs/createDirectory'> = async (
  { path, recursive },
  { services },
) => {
  await told(services.files.createDirectory(path, { recursive }));
  return {};
};
