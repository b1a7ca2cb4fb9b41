import type { z } from 'zod';

/** `T` with every field and array read-only, at every depth: what crosses the wire is never changed after it was made. */
export type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** What a schema gives: the type that carries the schema's name. */
export type Wire<S extends z.ZodType> = DeepReadonly<z.output<S>>;

/** What a schema takes, where absent fields have defaults. */
export type WireInput<S extends z.ZodType> = DeepReadonly<z.input<S>>;

/** The schema, with `value` for a field that is absent or null. */
export function orDefault<S extends z.ZodType>(schema: S, value: z.output<S>) {
  return schema.nullish().transform((given): z.output<S> => given ?? value);
}
