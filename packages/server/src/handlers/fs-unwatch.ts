import type { Handler } from '../handlers.js';

/** Handles `fs/unwatch`. */
export const handleFsUnwatch: Handler<'fs/unwatch'> = ({ watchId }, { services, connection }) => {
  services.watches.unwatch(connection, watchId);
  return {};
};
