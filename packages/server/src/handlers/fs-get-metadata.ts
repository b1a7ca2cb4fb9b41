import { told } from '../file-error.js';
import type { Handler } from '../handlers.js';

/** Handles `fs/getMetadata`. */
export const handleFsGetMetadata: Handler<'fs/getMetadata'> = ({ path }, { services }) =>
  told(services.files.metadata(path));
