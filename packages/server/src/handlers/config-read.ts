import type { ConfigReadResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `config/read`: what is in force, where it came from, and on request the layers. */
export const handleConfigRead: Handler<'config/read'> = async (
  { includeLayers },
  { services },
): Promise<ConfigReadResponse> => {
  const read = await services.configuration.read();
  if (typeof read === 'string') throw invalidRequest(`failed to read configuration: ${read}`);
  const { layers, ...rest } = read;
  return includeLayers === true ? { ...rest, layers } : rest;
};
