import { told } from '../file-error.js';
import type { Handler } from '../handlers.js';

/** Handles `fs/readDirectory`. */
export const handleFsReadDirectory: Handler<'fs/readDirectory'> = async ({ path }, { services }) => ({
  entries: await told(services.files.readDirectory(path)),
});
