import { giveInput, readInput } from '../client-input.js';
import type { Handler } from '../handlers.js';

/** Handles `command/exec/write`. */
export const handleCommandExecWrite: Handler<'command/exec/write'> = async (
  params,
  { services, connection },
) => {
  const input = readInput('command/exec/write', params);
  await giveInput(await services.commands.find(connection, params.processId), input, 'command/exec');
  return {};
};
