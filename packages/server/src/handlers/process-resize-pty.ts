import { resizeTerminal } from '../client-input.js';
import type { Handler } from '../handlers.js';

/** Handles `process/resizePty`. */
export const handleProcessResizePty: Handler<'process/resizePty'> = async (
  { processHandle, size },
  { services, connection },
) => {
  resizeTerminal(await services.processes.find(connection, processHandle), size);
  return {};
};
