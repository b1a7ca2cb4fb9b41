import { LIMITS } from '@millrace/protocol';
import { followTerminal } from '../follow-terminal.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

export const writeStdin: Tool = {
  spec: {
    type: 'function',
    name: 'write_stdin',
    description: 'Writes to a running command, or waits for more of its output when nothing is written.',
    parameters: {
      type: 'object',
      properties: {
        session_id: { type: 'number', description: 'The session id that exec_command returned.' },
        chars: { type: 'string', description: 'Characters to write; empty only waits.' },
        yield_time_ms: { type: 'number', description: 'Milliseconds to wait for output before returning.' },
        max_output_tokens: { type: 'number', description: 'Most tokens of output to return.' },
      },
      required: ['session_id'],
      additionalProperties: false,
    },
  },
  isEnabled: () => true,
  run: async (call, context) => {
    const parsed = parseArguments(call.input, {
      session_id: 'number',
      'chars?': 'string',
      'yield_time_ms?': 'number',
      'max_output_tokens?': 'number',
    });
    if (parsed.type === 'invalid') return parsed.text;
    const {
      session_id: session,
      chars = '',
      yield_time_ms: yieldMs,
      max_output_tokens: maxTokens,
    } = parsed.value;
    const terminal = context.terminals.find(String(session));
    if (terminal === undefined) return `write_stdin failed: Unknown process id ${session}`;
    if (chars !== '') {
      try {
        await terminal.write(chars);
      } catch {
        return 'write_stdin failed: stdin is closed for this session; run exec_command with tty set to true to keep it open';
      }
    }
    const longest = chars === '' ? LIMITS.maxPollYieldMs : LIMITS.maxYieldMs;
    const { threadId, turnId, output } = context;
    const { id: itemId, processId } = terminal.item;
    return followTerminal(
      terminal,
      {
        waitMs: Math.min(Math.max(yieldMs ?? LIMITS.minYieldMs, LIMITS.minYieldMs), longest),
        maxOutputTokens: Math.min(maxTokens ?? LIMITS.modelOutputTokens, LIMITS.maxModelOutputTokens),
        afterWait: async () => {
          await output.emit('item/commandExecution/terminalInteraction', {
            threadId,
            turnId,
            itemId,
            processId,
            stdin: chars,
          });
        },
      },
      context,
    );
  },
};
