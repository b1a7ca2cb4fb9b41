import { z } from 'zod';
import type { Wire } from './wire.js';

/** One question to the user. */
export const UserInputQuestion = z.object({
  id: z.string(),
  header: z.string(),
  question: z.string(),
  /** True when the user may write an answer of their own. */
  isOther: z.boolean(),
  /** True when the answer must not be shown. */
  isSecret: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string() })).nullable(),
});
export interface UserInputQuestion extends Wire<typeof UserInputQuestion> {}

/** Params of `item/tool/requestUserInput`. */
export const ToolRequestUserInputParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  questions: z.array(UserInputQuestion),
  isBlocking: z.boolean(),
  /** After that many milliseconds the questions answer themselves; null waits. */
  autoResolutionMs: z.int().nullable(),
});
export interface ToolRequestUserInputParams extends Wire<typeof ToolRequestUserInputParams> {}

/** Answer to `item/tool/requestUserInput`: for each question id what was chosen or written. */
export const ToolRequestUserInputResponse = z.object({
  answers: z.record(z.string(), z.object({ answers: z.array(z.string()) })),
});
export interface ToolRequestUserInputResponse extends Wire<typeof ToolRequestUserInputResponse> {}
