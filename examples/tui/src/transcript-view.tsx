import { Box, Static, Text } from 'ink';
import type { ReactElement } from 'react';
import { type Entry, type EntryKind, lastLines } from './entry.js';

/** Lines of a running item that are redrawn; what was above them comes back when the item is finished. */
const LIVE_LINES = 8;

const COLORS: Readonly<Record<EntryKind, string | undefined>> = {
  user: 'cyan',
  agent: undefined,
  reasoning: 'gray',
  command: 'yellow',
  patch: 'green',
  notice: 'gray',
  error: 'red',
};

/** Finished entries are printed once and left to the terminal; only the running ones are drawn again. */
export function TranscriptView(props: {
  readonly history: readonly Entry[];
  readonly live: readonly Entry[];
}): ReactElement {
  return (
    <>
      <Static items={[...props.history]}>{(each) => <EntryView key={each.id} entry={each} />}</Static>
      {props.live.map((each) => (
        <EntryView key={each.id} entry={{ ...each, text: lastLines(each.text, LIVE_LINES) }} />
      ))}
    </>
  );
}

function EntryView({ entry: { kind, title, text } }: { readonly entry: Entry }): ReactElement {
  const color = COLORS[kind];
  const colored = color === undefined ? {} : { color };
  return (
    <Box flexDirection="column">
      {title !== '' && <Text {...colored}>{title}</Text>}
      {text !== '' && (
        <Text {...colored} dimColor={kind === 'reasoning'}>
          {kind === 'user' ? `> ${text}` : text}
        </Text>
      )}
    </Box>
  );
}
