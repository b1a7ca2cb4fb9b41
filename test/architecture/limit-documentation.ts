/** The limits of `limits.ts` that stand without a doc comment right above them, by name, in order. */
export function undocumentedLimits(text: string): readonly string[] {
  const lines = text.split('\n');
  return limitLines(lines)
    .filter(({ index }) => lines[index - 1]?.trim().endsWith('*/') !== true)
    .map(({ name }) => name);
}

/** The names of the limits, in order. */
export function limitNames(text: string): readonly string[] {
  return limitLines(text.split('\n')).map(({ name }) => name);
}

function limitLines(lines: readonly string[]): readonly { readonly name: string; readonly index: number }[] {
  return lines.flatMap((line, index) => {
    const name = /^ {2}(\w+):/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, index }];
  });
}
