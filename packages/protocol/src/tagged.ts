import { z } from 'zod';
import { unknownVariant } from './value-text.js';

/**
 * A value that is either one of some words, or an object whose single key is a word: `"never"` or `{ "granular": { … } }`.
 *
 * @param variants All the words in the order in which an error lists them; by default the plain ones first.
 */
export function externallyTagged<const W extends string, const S extends Shapes>(
  words: readonly W[],
  shapes: S,
  variants: readonly string[] = [...words, ...Object.keys(shapes)],
): z.ZodType<W | TaggedOutput<S>, W | TaggedInput<S>> {
  const objects = Object.entries(shapes).map(([key, schema]) => z.object({ [key]: schema }));
  const union = z.union([z.enum(words), ...objects], {
    error: (issue) => unknownVariant(issue.input, variants),
  });
  return union as z.ZodType as z.ZodType<W | TaggedOutput<S>, W | TaggedInput<S>>;
}

type Shapes = Readonly<Record<string, z.ZodType>>;
type TaggedOutput<S extends Shapes> = { [K in keyof S]: { [L in K]: z.output<S[K]> } }[keyof S];
type TaggedInput<S extends Shapes> = { [K in keyof S]: { [L in K]: z.input<S[K]> } }[keyof S];
