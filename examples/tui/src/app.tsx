import { printable } from '@millrace/exec';
import { Box, Text, useApp, useInput } from 'ink';
import { type ReactElement, useState, useSyncExternalStore } from 'react';
import { ApprovalPrompt } from './approval-prompt.js';
import { Composer } from './composer.js';
import type { Question } from './question.js';
import type { Session } from './session.js';
import { StatusLine } from './status-line.js';
import { TranscriptView } from './transcript-view.js';

/** The whole screen: what was said, what is being said, a question or the composer, and the status. */
export function App({ session }: { readonly session: Session }): ReactElement {
  const transcript = useSyncExternalStore(session.subscribe, session.snapshot);
  const { exit } = useApp();
  const [isQuitting, setIsQuitting] = useState(false);
  const question = transcript.questions[0];
  useInput((input, key) => {
    const isCtrlC = key.ctrl && input === 'c';
    if (isCtrlC && isQuitting) exit();
    setIsQuitting(isCtrlC);
    if (key.escape && (question === undefined || question.method === 'item/tool/requestUserInput'))
      session.interrupt();
  });
  const submit = (text: string): void => {
    if (text.trim() === '/quit') exit();
    else session.submit(text);
  };
  const isActive = transcript.activeTurnId !== undefined;
  const hint = isQuitting ? 'Ctrl-C again to quit' : isActive ? 'Esc interrupts' : '/quit ends';
  return (
    <Box flexDirection="column">
      <TranscriptView history={transcript.history} live={transcript.live} />
      {question === undefined ? (
        <Composer label=">" onSubmit={submit} />
      ) : (
        <QuestionView key={question.id} request={question} session={session} />
      )}
      <StatusLine transcript={transcript} hint={hint} />
    </Box>
  );
}

function QuestionView({
  request,
  session,
}: {
  readonly request: Question;
  readonly session: Session;
}): ReactElement {
  if (request.method !== 'item/tool/requestUserInput') {
    return <ApprovalPrompt request={request} onDecision={(decision) => session.decide(request, decision)} />;
  }
  const { questions } = request.params;
  const ids = questions.map(({ id }) => id);
  return (
    <Box flexDirection="column">
      {questions.map(({ id, question, options }) => (
        <Text key={id}>
          {printable(
            `${question}${options === null ? '' : ` (${options.map(({ label }) => label).join(' / ')})`}`,
          )}
        </Text>
      ))}
      <Composer label="answer>" onSubmit={(text) => session.answer(request.id, ids, text)} />
    </Box>
  );
}
