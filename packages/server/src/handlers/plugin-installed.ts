import type { Handler } from '../handlers.js';

/** Handles `plugin/installed`: Millrace has no plugins. */
export const handlePluginInstalled: Handler<'plugin/installed'> = () => NONE;

const NONE = { marketplaces: [], marketplaceLoadErrors: [] };
