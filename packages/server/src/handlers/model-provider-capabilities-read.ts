import type { Handler } from '../handlers.js';

/** Handles `modelProvider/capabilities/read`: what providers can be asked to do themselves. */
export const handleModelProviderCapabilitiesRead: Handler<'modelProvider/capabilities/read'> = () =>
  CAPABILITIES;

const CAPABILITIES = { imageGeneration: false, webSearch: true };
