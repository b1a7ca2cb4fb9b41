import type { Handler } from '../handlers.js';

/** Handles `fs/watch`. Changes come as `fs/changed` to this connection only, until `fs/unwatch` or its end. */
export const handleFsWatch: Handler<'fs/watch'> = async ({ watchId, path }, { services, connection }) => ({
  path: await services.watches.watch(connection, watchId, path),
});
