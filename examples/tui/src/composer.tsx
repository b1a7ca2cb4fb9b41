import { printable } from '@millrace/exec';
import { Box, Text, useInput } from 'ink';
import { type ReactElement, useState } from 'react';

/**
 * The line in which a person writes. Enter sends it; a line break is typed with Ctrl-J or comes with pasted text.
 */
export function Composer(props: {
  readonly label: string;
  readonly onSubmit: (text: string) => void;
}): ReactElement {
  const [text, setText] = useState('');
  useInput((input, key) => {
    if (key.return) {
      if (text.trim() === '') return;
      setText('');
      props.onSubmit(text);
    } else if (key.backspace || key.delete) setText((before) => before.slice(0, -1));
    else if (!key.ctrl && !key.meta && !key.escape)
      setText((before) => before + printable(input.replace(/\r\n?/g, '\n')));
  });
  return (
    <Box>
      <Text color="cyan">{props.label} </Text>
      <Text>{text}▌</Text>
    </Box>
  );
}
