import { fileError, platformCode } from '../file-error.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `fs/copy`. */
export const handleFsCopy: Handler<'fs/copy'> = async (
  { sourcePath, destinationPath, recursive },
  { services },
) => {
  try {
    await services.files.copy(sourcePath, destinationPath, { recursive });
  } catch (error) {
    if (!recursive && platformCode(error) === 'EISDIR')
      throw invalidRequest('fs/copy requires recursive: true when sourcePath is a directory');
    throw fileError(error);
  }
  return {};
};
