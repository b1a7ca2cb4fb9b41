import { Text } from 'ink';
import type { ReactElement } from 'react';
import type { Transcript } from './transcript.js';

/** What the thread is doing, what it has used, and what this screen missed. */
export function StatusLine({
  transcript,
  hint,
}: {
  readonly transcript: Transcript;
  readonly hint: string;
}): ReactElement {
  const { status, tokens, missed } = transcript;
  const flags = status.type === 'active' ? status.activeFlags.map((flag) => ` ${flag}`).join('') : '';
  const lag = missed === 0 ? '' : ` · missed ${missed} events, shown as they ended`;
  return (
    <Text dimColor>
      {status.type}
      {flags} · {tokens.toLocaleString('en-US')} tokens{lag} · {hint}
    </Text>
  );
}
