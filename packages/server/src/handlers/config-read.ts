import type { ConfigReadResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';

/** Handles `config/read`: what is in force, where it came from, and on request the layers. */
export const handleConfigRead: Handler<'config/read'> = (
  { includeLayers },
  { services },
): ConfigReadResponse => {
  const { effective } = services.configuration;
  return includeLayers === true ? effective : { ...effective, layers: null };
};
