import { printable } from '@millrace/exec';
import { Box, Text, useInput } from 'ink';
import type { ReactElement } from 'react';
import type { Question } from './question.js';
import type { Decision } from './session.js';

const KEYS: Readonly<Record<string, Decision>> = { y: 'accept', n: 'decline', a: 'acceptForSession' };

export type ApprovalRequest = Exclude<Question, { readonly method: 'item/tool/requestUserInput' }>;

/** Asks for one exact action. Any other key is ignored: nothing is allowed by accident. */
export function ApprovalPrompt(props: {
  readonly request: ApprovalRequest;
  readonly onDecision: (decision: Decision) => void;
}): ReactElement {
  useInput((input, key) => {
    const decision = key.escape ? 'cancel' : KEYS[input];
    if (decision !== undefined) props.onDecision(decision);
  });
  return (
    <Box flexDirection="column" borderStyle="round" borderColor="yellow" paddingX={1}>
      <Text bold>{printable(describe(props.request))}</Text>
      {typeof props.request.params.reason === 'string' && (
        <Text>{printable(props.request.params.reason)}</Text>
      )}
      <Text>y yes n no a yes, for this session Esc no, and stop</Text>
    </Box>
  );
}

function describe(request: ApprovalRequest): string {
  if (request.method === 'item/fileChange/requestApproval') return 'Allow the patch above?';
  if (request.method === 'item/commandExecution/requestApproval')
    return `Allow this command?  ${request.params.command ?? ''}`;
  const { network, fileSystem } = request.params.permissions;
  const rights = [...(network?.enabled === true ? ['the network'] : []), ...(fileSystem?.write ?? [])];
  return `Allow commands to reach beyond the sandbox?  ${rights.join(', ')}`;
}
