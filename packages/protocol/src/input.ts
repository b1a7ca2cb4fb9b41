import { z } from 'zod';
import { orDefault, type Wire, type WireInput } from './wire.js';

/** A span of the text of an input that a surface shows in its own way. Offsets are bytes of UTF-8. */
export const TextElement = z.object({
  byteRange: z.object({ start: z.uint32(), end: z.uint32() }),
  placeholder: z.string().nullish(),
});
export interface TextElement extends Wire<typeof TextElement> {}

const imageDetail = z.enum(['auto', 'low', 'high', 'original']).nullish();

const userInput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), text_elements: orDefault(z.array(TextElement), []) }),
  z.object({
    type: z.literal('image'),
    /** A data URL; others are refused. */
    url: z.string(),
    detail: imageDetail,
  }),
  z.object({ type: z.literal('localImage'), path: z.string(), detail: imageDetail }),
  z.object({ type: z.literal('audio'), url: z.string() }),
  z.object({ type: z.literal('localAudio'), path: z.string() }),
  z.object({ type: z.literal('skill'), name: z.string(), path: z.string() }),
  z.object({ type: z.literal('mention'), name: z.string(), path: z.string() }),
]);

/** One part of what the user says. */
export type UserInput = Wire<typeof userInput>;
/** {@link UserInput} as callers give it. */
export type GivenUserInput = WireInput<typeof userInput>;
export const UserInput: z.ZodType<UserInput, GivenUserInput> = userInput;
