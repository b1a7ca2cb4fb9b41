/** Why a key path leads nowhere, in the words of the protocol. */
export type KeyPathError = 'keyPath must not be empty' | 'keyPath segments must not be empty';

const SEGMENT = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^."']*))\s*(\.|$)/y;

/** The keys that a dotted path such as `features."a.b"` leads through; a text says what is wrong with it. */
export function parseKeyPath(keyPath: string): readonly string[] | KeyPathError {
  if (keyPath.trim() === '') return 'keyPath must not be empty';
  const segments: string[] = [];
  SEGMENT.lastIndex = 0;
  for (;;) {
    const match = SEGMENT.exec(keyPath);
    const [, escaped, literal, bare, separator] = match ?? [];
    const segment = escaped?.replace(/\\(.)/g, '$1') ?? literal ?? bare?.trim() ?? '';
    if (segment === '') return 'keyPath segments must not be empty';
    segments.push(segment);
    if (separator === '') return segments;
  }
}
