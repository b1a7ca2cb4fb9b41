import { ReviewWork, reviewBrief } from '@millrace/core';
import { newUserMessage, type ReviewStartResponse, type ReviewTarget } from '@millrace/protocol';
import { findThread } from '../find-thread.js';
import type { Handler } from '../handlers.js';
import { invalidRequest } from '../rpc-error.js';
import { admitTurn } from '../turn-admission.js';

/** Handles `review/start`: begins a turn in which the model reviews a change. It begins after the answer stands (RQ-5). */
export const handleReviewStart: Handler<'review/start'> = async (
  { threadId, target },
  context,
): Promise<ReviewStartResponse> => {
  const thread = findThread(threadId, context, 'thread not found');
  const brief = reviewBrief(trimmed(target));
  const work = new ReviewWork(brief);
  const turn = await admitTurn(thread, context, (starter) => thread.startWork(() => work, starter));
  const content = [{ type: 'text' as const, text: brief.name, text_elements: [] }];
  const subject = newUserMessage({ id: turn.id, startedAtMs: 0, content });
  return {
    turn: { ...turn, items: [{ ...subject, startedAtMs: null }] },
    reviewThreadId: thread.threadId,
  };
};

function trimmed(target: ReviewTarget): ReviewTarget {
  switch (target.type) {
    case 'uncommittedChanges':
      return target;
    case 'baseBranch':
      return { ...target, branch: text('branch', target.branch) };
    case 'commit':
      return { ...target, sha: text('sha', target.sha), title: target.title?.trim() };
    case 'custom':
      return { ...target, instructions: text('instructions', target.instructions) };
  }
}

function text(name: string, given: string): string {
  const trimmed = given.trim();
  if (trimmed === '') throw invalidRequest(`${name} must not be empty`);
  return trimmed;
}
