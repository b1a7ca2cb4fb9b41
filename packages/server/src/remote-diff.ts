import { type GitDiffToRemoteResponse, LIMITS } from '@millrace/protocol';
import type { Git } from './git.js';

/** As everybody reads it, whatever the user has configured, and without running what the repository names. */
const PLAIN_DIFF = [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=dirty',
  '--src-prefix=a/',
  '--dst-prefix=b/',
] as const;

/** `git diff --no-index` ends with it where there are differences. */
const HAS_DIFFERENCES = 1;

/**
 * What somebody would have to be sent who has what the remotes have: every change since the nearest commit of theirs, those that are
 * not committed and files that git does not know included.
 *
 * @returns Undefined where that cannot be said: no repository, no commit of a remote, or more than the limits.
 */
export async function remoteDiff(git: Git): Promise<GitDiffToRemoteResponse | undefined> {
  const root = await git.run(['rev-parse', '--show-toplevel']);
  if (root === undefined) return undefined;
  const whole = git.in(root.replace(/\n$/, ''));
  const sha = await nearestRemoteCommit(whole);
  if (sha === undefined) return undefined;
  const parts = [await whole.run([...PLAIN_DIFF, sha]), await untrackedDiff(whole)];
  if (parts.includes(undefined)) return undefined;
  const diff = parts.join('');
  return diff.length > LIMITS.gitOutputBytes ? undefined : { sha, diff };
}

/** The commit that the branch and a remote have both, with the fewest commits after it. */
async function nearestRemoteCommit(git: Git): Promise<string | undefined> {
  const history = await git.run(['rev-list', '--boundary', 'HEAD', '--not', '--remotes']);
  if (history === undefined) return undefined;
  const commits = linesOf(history);
  if (commits.length === 0) return (await git.run(['rev-parse', 'HEAD']))?.trim();
  const shared = commits.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  if (shared.length < 2) return shared[0];
  // Whoever merges a remote branch shares more than one commit with it: those before the newest are in that one.
  const newest = await git.run(['merge-base', '--independent', ...shared.slice(0, LIMITS.gitSharedCommits)]);
  return newest === undefined ? undefined : linesOf(newest)[0];
}

async function untrackedDiff(git: Git): Promise<string | undefined> {
  const listed = await git.run(['ls-files', '--others', '--exclude-standard', '-z']);
  const paths = listed?.split('\0').filter((path) => path !== '');
  if (paths === undefined || paths.length > LIMITS.gitUntrackedFiles) return undefined;
  let diff = '';
  for (const path of paths) {
    const added = await git.run([...PLAIN_DIFF, '--no-index', '--', '/dev/null', path], [0, HAS_DIFFERENCES]);
    if (added === undefined) return undefined;
    diff += added;
    if (diff.length > LIMITS.gitOutputBytes) return undefined;
  }
  return diff;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
