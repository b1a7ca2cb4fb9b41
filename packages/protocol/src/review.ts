import { z } from 'zod';
import { Turn } from './turn.js';
import type { Wire } from './wire.js';

/** What is to be reviewed. */
export const ReviewTarget = z.discriminatedUnion('type', [
  /** What is staged, what is not, and what is not tracked. */
  z.object({ type: z.literal('uncommittedChanges') }),
  /** What the current branch has and that one has not. */
  z.object({ type: z.literal('baseBranch'), branch: z.string() }),
  /** One commit; the title is for people. */
  z.object({ type: z.literal('commit'), sha: z.string(), title: z.string().nullish() }),
  z.object({ type: z.literal('custom'), instructions: z.string() }),
]);
export type ReviewTarget = Wire<typeof ReviewTarget>;

const reviewStartParams = z.object({
  threadId: z.string(),
  target: ReviewTarget,
  /** Where the review runs; there is one way. */
  delivery: z.enum(['inline']).nullish(),
});
/** Params of `review/start`. */
export interface ReviewStartParams extends Wire<typeof reviewStartParams> {}
export const ReviewStartParams: z.ZodType<ReviewStartParams> = reviewStartParams;

const reviewStartResponse = z.object({
  turn: Turn,
  /** The thread that was asked for. */
  reviewThreadId: z.string(),
});
/** Result of `review/start`: a turn that is the review. Its one item names what is reviewed. */
export interface ReviewStartResponse extends Wire<typeof reviewStartResponse> {}
export const ReviewStartResponse: z.ZodType<ReviewStartResponse> = reviewStartResponse;
