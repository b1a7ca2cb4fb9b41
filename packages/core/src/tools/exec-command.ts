import { LIMITS } from '@millrace/protocol';
import { absolutePath } from '../absolute-path.js';
import { runCommand } from '../command-run.js';
import { heredocPatch } from '../heredoc-patch.js';
import { applyPatch } from './apply-patch.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

export const execCommand: Tool = {
  spec: {
    type: 'function',
    name: 'exec_command',
    description:
      'Runs a command in a shell. Returns its output, or a session id when it is still running after the yield time.',
    parameters: {
      type: 'object',
      properties: {
        cmd: { type: 'string', description: 'Shell script to run.' },
        workdir: {
          type: 'string',
          description: 'Directory to run in; the working directory of the thread by default.',
        },
        login: { type: 'boolean', description: 'Whether the shell is a login shell; true by default.' },
        tty: {
          type: 'boolean',
          description: 'Whether the command gets a pseudo terminal; false by default.',
        },
        yield_time_ms: { type: 'number', description: 'Milliseconds to wait for the end before returning.' },
        max_output_tokens: { type: 'number', description: 'Most tokens of output to return.' },
        sandbox_permissions: { type: 'string', enum: ['use_default', 'require_escalated'] },
        justification: {
          type: 'string',
          description: 'One sentence for the user, with require_escalated only.',
        },
      },
      required: ['cmd'],
      additionalProperties: false,
    },
  },
  isEnabled: () => true,
  run: async (call, context) => {
    const parsed = parseArguments(call.input, {
      cmd: 'string',
      'workdir?': 'string',
      'shell?': 'string',
      'login?': 'boolean',
      'tty?': 'boolean',
      'yield_time_ms?': 'number',
      'max_output_tokens?': 'number',
      'sandbox_permissions?': 'string',
      'justification?': 'string',
    });
    if (parsed.type === 'invalid') return parsed.text;
    const args = parsed.value;
    const cwd = absolutePath(context.settings.cwd, args.workdir ?? '');
    const patch = heredocPatch(args.cmd);
    if (patch !== undefined)
      return applyPatch(call.callId, patch.patch, absolutePath(cwd, patch.workdir ?? ''), context);
    const argv = [
      args.shell ?? context.ports.host.shell,
      args.login === false ? '-c' : '-lc',
      args.cmd,
    ] as const;
    return runCommand(
      {
        callId: call.callId,
        script: args.cmd,
        argv,
        cwd,
        isTerminal: args.tty === true,
        yieldMs: clamp(args.yield_time_ms ?? LIMITS.yieldMs, LIMITS.minYieldMs, LIMITS.maxYieldMs),
        maxOutputTokens: clamp(
          args.max_output_tokens ?? LIMITS.modelOutputTokens,
          1,
          LIMITS.maxModelOutputTokens,
        ),
        isEscalated: args.sandbox_permissions === 'require_escalated',
        justification: args.justification,
      },
      context,
    );
  },
};

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(Math.trunc(value), low), high);
}
