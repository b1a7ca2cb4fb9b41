import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';

/** The one environment that there is: this machine. */
const LOCAL = 'local';

/** Handles `environment/info`. @throws {RpcError} `invalidRequest` for an environment that is not this machine. */
export const handleEnvironmentInfo: Handler<'environment/info'> = ({ environmentId }, { services }) => {
  if (environmentId !== LOCAL) throw invalidRequest(unknown(environmentId));
  return { shell: services.identity.shell };
};

/** Handles `environment/status`: this machine is always ready. */
export const handleEnvironmentStatus: Handler<'environment/status'> = ({ environmentId }) =>
  environmentId === LOCAL
    ? { status: 'ready', error: null }
    : { status: 'unknown', error: unknown(environmentId) };

function unknown(environmentId: string): string {
  return `unknown environment id \`${environmentId}\``;
}
