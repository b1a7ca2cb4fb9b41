import { giveInput, readInput } from '../client-input.js';
import type { Handler } from '../handlers.js';

/** Handles `process/writeStdin`. */
export const handleProcessWriteStdin: Handler<'process/writeStdin'> = async (
  params,
  { services, connection },
) => {
  const input = readInput('process/writeStdin', params);
  await giveInput(await services.processes.find(connection, params.processHandle), input, 'process/spawn');
  return {};
};
