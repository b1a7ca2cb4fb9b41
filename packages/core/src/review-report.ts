type Fields = Readonly<Record<string, unknown>>;

/**
 * What a reviewer said, as text for people: its verdict, then the findings. Said otherwise than it was asked to, it stands as it is.
 * Undefined where it said nothing. The shape of the text is that of the reference (observed 0.169).
 */
export function reviewReport(said: string): string | undefined {
  const text = said.trim();
  const output = readOutput(text);
  if (output === undefined) return text === '' ? undefined : text;
  const { overall_explanation: verdict, findings } = output;
  const parts = [
    typeof verdict === 'string' ? verdict.trim() : '',
    ...describeAll(Array.isArray(findings) ? findings : []),
  ];
  const report = parts.filter((part) => part !== '').join('\n\n');
  return report === '' ? undefined : report;
}

function describeAll(findings: readonly unknown[]): string[] {
  if (findings.length === 0) return [];
  const heading = findings.length === 1 ? 'Review comment:' : 'Full review comments:';
  return [heading, ...findings.map(describe)];
}

function describe(finding: unknown): string {
  const { title, body, code_location: location } = fieldsOf(finding);
  const { absolute_file_path: path, line_range: range } = fieldsOf(location);
  const { start, end } = fieldsOf(range);
  const place =
    typeof path === 'string' ? ` — ${path}${typeof start === 'number' ? `:${start}-${end}` : ''}` : '';
  const lines = typeof body === 'string' ? body.split('\n') : [];
  return [`- ${typeof title === 'string' ? title : ''}${place}`, ...lines.map((line) => `  ${line}`)].join(
    '\n',
  );
}

/** The JSON of the answer, alone or with words around it. */
function readOutput(text: string): Fields | undefined {
  return readJson(text) ?? readJson(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
}

function readJson(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const fields = fieldsOf(value);
    return 'findings' in fields || 'overall_explanation' in fields ? fields : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
