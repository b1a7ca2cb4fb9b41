const ESCAPE = '\u001b';
const BELL = '\u0007';

/** Colours and cursor movements (CSI), and titles and links (OSC, up to its end or the end of the text). */
const SEQUENCES = new RegExp(
  `${ESCAPE}\\[[0-?]*[ -/]*[@-~]|${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?`,
  'g',
);

/** All that moves a cursor or starts a sequence: C0, DEL and C1, but for line breaks and tabs; and what turns the order of text. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The text without anything by which it could speak to the terminal instead of the reader. Model text and command output are not
 * ours: they must not move the cursor, colour a line or hide one.
 */
export function printable(text: string): string {
  return text.replace(SEQUENCES, '').replace(CONTROLS, '');
}
