import type { Handler } from '../handlers.js';

/** Handles `process/kill`: kills the process group. Its end comes as `process/exited`. */
export const handleProcessKill: Handler<'process/kill'> = async (
  { processHandle },
  { services, connection },
) => {
  (await services.processes.find(connection, processHandle)).terminate();
  return {};
};
