import { closeSync, openSync } from 'node:fs';

/**
 * Descriptors of this Node process that would be inherited by children, because the native terminal binding opens them
 * without close-on-exec. A child that had one could type into another command's terminal, from inside its sandbox too.
 * The set is per Node process, as descriptors are.
 */
const hidden = new Set<number>();

/** Keeps a descriptor from the children that {@link withHiddenDescriptors} starts. */
export function hideDescriptor(descriptor: number): void {
  hidden.add(descriptor);
}

/** Forgets a descriptor that was closed. */
export function forgetDescriptor(descriptor: number): void {
  hidden.delete(descriptor);
}

/** A descriptor, a stream of Node, or nothing: `/dev/null` as a standard stream, closed as any other. */
type Stream = 'pipe' | 'ignore' | number;

export type StandardStreams = readonly [Stream, Stream, Stream];

/**
 * Calls `spawn` with a `stdio` list under which the child finds `/dev/null` in place of every hidden descriptor.
 *
 * @param streams Standard input, output and error of the child, and what it is given beyond them.
 */
export function withHiddenDescriptors<T>(
  streams: readonly [...StandardStreams, ...Stream[]],
  spawn: (stdio: ('pipe' | 'ignore' | number)[]) => T,
): T {
  if (hidden.size === 0) return spawn([...streams]);
  const nothing = openSync('/dev/null', 'r');
  try {
    const length = Math.max(...hidden) + 1;
    // From descriptor 3 on 'ignore' leaves the descriptor as it is, which for all others means closed at exec.
    const rest = Array.from({ length: Math.max(0, length - streams.length) }, (_, index) =>
      hidden.has(index + streams.length) ? nothing : 'ignore',
    );
    return spawn([...streams, ...rest]);
  } finally {
    closeSync(nothing);
  }
}
