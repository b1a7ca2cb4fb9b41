import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** The beginning of a review; `review` names what is reviewed. */
export const EnteredReviewModeItem = z.object({
  type: z.literal('enteredReviewMode'),
  id: z.string(),
  review: z.string(),
  ...ITEM_TIMES,
});
export interface EnteredReviewModeItem extends Wire<typeof EnteredReviewModeItem> {}

/** The end of a review; `review` is what was found, as text. */
export const ExitedReviewModeItem = z.object({
  type: z.literal('exitedReviewMode'),
  id: z.string(),
  review: z.string(),
  ...ITEM_TIMES,
});
export interface ExitedReviewModeItem extends Wire<typeof ExitedReviewModeItem> {}

/** A review that begins. */
export function newEnteredReviewMode(
  fields: ItemStart & Pick<EnteredReviewModeItem, 'review'>,
): EnteredReviewModeItem {
  const { id, review, startedAtMs } = fields;
  return { type: 'enteredReviewMode', id, review, startedAtMs, completedAtMs: null };
}

/** A review that is over. */
export function newExitedReviewMode(
  fields: ItemStart & Pick<ExitedReviewModeItem, 'review'>,
): ExitedReviewModeItem {
  const { id, review, startedAtMs } = fields;
  return { type: 'exitedReviewMode', id, review, startedAtMs, completedAtMs: null };
}
