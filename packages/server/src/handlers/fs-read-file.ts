import { encodeBase64 } from '../base64.js';
import { fileError, platformCode } from '../file-error.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `fs/readFile`. Regular files only. */
export const handleFsReadFile: Handler<'fs/readFile'> = async ({ path }, { services }) => {
  try {
    return { dataBase64: encodeBase64(await services.files.readFile(path)) };
  } catch (error) {
    const code = platformCode(error);
    if (code === 'EISDIR' || code === 'EINVAL') throw invalidRequest(`path \`${path}\` is not a file`);
    throw fileError(error);
  }
};
