import type { Handler } from '../handlers.js';

/** Handles `command/exec/terminate`: kills the process group. The command is answered when it has ended. */
export const handleCommandExecTerminate: Handler<'command/exec/terminate'> = async (
  { processId },
  { services, connection },
) => {
  (await services.commands.find(connection, processId)).terminate();
  return {};
};
