import { ToolRequestUserInputResponse, type UserInputQuestion } from '@millrace/protocol';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

/** Questions of one call; more than a person answers at once. */
const MAX_QUESTIONS = 8;

export const requestUserInput: Tool = {
  spec: {
    type: 'function',
    name: 'request_user_input',
    description: 'Asks the user one to three short questions and waits for the answers.',
    parameters: {
      type: 'object',
      properties: {
        questions: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              header: { type: 'string', description: 'At most 12 characters.' },
              question: { type: 'string' },
              options: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: { label: { type: 'string' }, description: { type: 'string' } },
                  required: ['label', 'description'],
                },
              },
            },
            required: ['id', 'header', 'question'],
          },
        },
      },
      required: ['questions'],
      additionalProperties: false,
    },
  },
  isEnabled: ({ features, settings }) => features.requestUserInput || settings.mode === 'plan',
  run: async (call, context) => {
    const parsed = parseArguments(call.input, { questions: 'object[]' });
    if (parsed.type === 'invalid') return parsed.text;
    const questions = parsed.value.questions.map(toQuestion);
    const isValid =
      questions.length > 0 && questions.length <= MAX_QUESTIONS && !questions.includes(undefined);
    if (!isValid)
      return 'failed to parse function arguments: each question needs `id`, `header` and `question`';
    const { threadId, turnId, status, ports, signal } = context;
    const stopWaiting = status.wait('waitingOnUserInput');
    const outcome = await ports.questions.ask(
      threadId,
      'item/tool/requestUserInput',
      {
        threadId,
        turnId,
        itemId: call.callId,
        questions: questions as UserInputQuestion[],
        isBlocking: true,
        autoResolutionMs: null,
      },
      signal,
    );
    stopWaiting();
    if (signal.aborted) throw signal.reason;
    const answer =
      outcome.type === 'answered' ? ToolRequestUserInputResponse.safeParse(outcome.result).data : undefined;
    return JSON.stringify(answer ?? { answers: {} });
  },
};

function toQuestion(raw: Readonly<Record<string, unknown>>): UserInputQuestion | undefined {
  const { id, header, question, options } = raw;
  if (typeof id !== 'string' || typeof header !== 'string' || typeof question !== 'string') return undefined;
  const choices = Array.isArray(options) ? options.flatMap(toOption) : null;
  return { id, header, question, isOther: true, isSecret: false, options: choices };
}

function toOption(raw: unknown): { readonly label: string; readonly description: string }[] {
  const { label, description } = (raw ?? {}) as { readonly label?: unknown; readonly description?: unknown };
  return typeof label === 'string'
    ? [{ label, description: typeof description === 'string' ? description : '' }]
    : [];
}
