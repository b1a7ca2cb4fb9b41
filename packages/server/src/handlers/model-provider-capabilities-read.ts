import type { Handler } from '../handlers.js';

/** Handles `modelProvider/capabilities/read`: neither tool of providers is offered to the model. */
export const handleModelProviderCapabilitiesRead: Handler<'modelProvider/capabilities/read'> = () => NONE;

const NONE = { imageGeneration: false, webSearch: false };
