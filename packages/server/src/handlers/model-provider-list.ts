import type { Handler } from '../handlers.js';

/** Handles `modelProvider/list`: the providers that a thread can be given. */
export const handleModelProviderList: Handler<'modelProvider/list'> = (_, { services }) =>
  services.configuration.providers();
