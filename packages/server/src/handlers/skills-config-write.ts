import type { ConfigWriteErrorData } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { RpcError } from '../rpc-error.js';

/**
 * Handles `skills/config/write`: switches a skill on or off in the user's configuration, by its file or by its name. Everybody is
 * told after the answer.
 *
 * @throws {RpcError} `invalidParams` unless exactly one of the two is given, `invalidRequest` where the configuration cannot be written.
 */
export const handleSkillsConfigWrite: Handler<'skills/config/write'> = async (
  { path, name, enabled },
  context,
) => {
  const { configuration, router } = context.services;
  const selector = path ? { path, name: null } : { path: null, name: name ?? '' };
  if ((path && name) || (!path && !name))
    throw new RpcError('invalidParams', 'skills/config/write requires exactly one of path or name');
  const failure = await configuration.switchSkill({ ...selector, isEnabled: enabled });
  if (failure !== undefined) {
    const data: ConfigWriteErrorData = { config_write_error_code: failure.code };
    throw new RpcError('invalidRequest', failure.message, { data });
  }
  context.afterwards(() => router.broadcast('skills/changed', {}));
  return { effectiveEnabled: enabled };
};
