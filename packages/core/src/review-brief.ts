import type { ReviewTarget } from '@millrace/protocol';

/** What a reviewer is asked to look at. */
export interface ReviewBrief {
  /** Names it for people, in a few words. */
  readonly name: string;
  /** What the reviewer is told. */
  readonly task: string;
}

/** As many digits of a commit as people read. */
const SHORT_SHA = 7;

/** Says what is to be reviewed. The names are those of the reference (observed 0.169). */
export function reviewBrief(target: ReviewTarget): ReviewBrief {
  switch (target.type) {
    case 'uncommittedChanges':
      return {
        name: 'current changes',
        task: 'Review what has been changed here and not committed: staged, unstaged and untracked files.',
      };
    case 'baseBranch': {
      const { branch } = target;
      return {
        name: `changes against '${branch}'`,
        task: `Review what the current branch changes against the branch '${branch}'. Find their merge base first (git merge-base), \
then review the difference between it and the working tree.`,
      };
    }
    case 'commit': {
      const { sha, title } = target;
      const short = sha.slice(0, SHORT_SHA);
      const isNamed = title != null && title !== '';
      return {
        name: isNamed ? `commit ${short}: ${title}` : `commit ${short}`,
        task: `Review what the commit ${sha}${isNamed ? ` ("${title}")` : ''} changes.`,
      };
    }
    case 'custom':
      return { name: target.instructions, task: target.instructions };
  }
}
