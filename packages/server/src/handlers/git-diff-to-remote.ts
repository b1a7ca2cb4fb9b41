import { Git } from '../git.js';
import type { Handler } from '../handlers.js';
import { remoteDiff } from '../remote-diff.js';
import { invalidRequest } from '../rpc-error.js';

/** Handles `gitDiffToRemote`: what has changed in a repository since the nearest commit that a remote has. */
export const handleGitDiffToRemote: Handler<'gitDiffToRemote'> = async ({ cwd }, context) => {
  const diff = await remoteDiff(new Git(context.services.identity.resolvePath(cwd), context));
  if (diff === undefined)
    throw invalidRequest(`failed to compute git diff to remote for cwd: ${JSON.stringify(cwd)}`);
  return diff;
};
