import { resizeTerminal } from '../client-input.js';
import type { Handler } from '../handlers.js';

/** Handles `command/exec/resize`. */
export const handleCommandExecResize: Handler<'command/exec/resize'> = async (
  { processId, size },
  { services, connection },
) => {
  resizeTerminal(await services.commands.find(connection, processId), size);
  return {};
};
