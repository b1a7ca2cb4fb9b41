import { decodeBase64 } from '../base64.js';
import { told } from '../file-error.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `fs/writeFile`: replaces the file as a whole. */
export const handleFsWriteFile: Handler<'fs/writeFile'> = async ({ path, dataBase64 }, { services }) => {
  const data = decodeBase64(dataBase64);
  if (data.type === 'invalid')
    throw invalidRequest(`fs/writeFile requires valid base64 dataBase64: ${data.reason}`);
  await told(services.files.writeFile(path, data.bytes));
  return {};
};
