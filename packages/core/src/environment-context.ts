import type { AgentPorts } from './agent-ports.js';
import type { MessageItem, ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';
import { writableRoots } from './settings.js';

const BASE_INSTRUCTIONS = `You are an agent that works in a user's directory through Millrace. You act by calling tools: \
exec_command runs a command, write_stdin talks to one that is still running, apply_patch changes files. Look before you \
change, make the smallest change that does the job, check that it worked, and say briefly what you did. When a command needs \
more than the sandbox allows, ask for it with sandbox_permissions "require_escalated" and a one-sentence justification.`;

/** What the model is told once, before the first user message: who it is, what it may do, and where it works. */
export function openingContext(settings: Settings, ports: AgentPorts): ResponseItem[] {
  const instructions = settings.baseInstructions ?? BASE_INSTRUCTIONS;
  const permissions = [permissionsText(settings), settings.developerInstructions].filter(
    (text) => text !== null,
  );
  return [
    { ...message(ports), role: 'developer', content: [{ type: 'input_text', text: instructions }] },
    {
      ...message(ports),
      role: 'developer',
      content: permissions.map((text) => ({ type: 'input_text', text })),
    },
    {
      ...message(ports),
      role: 'user',
      content: [{ type: 'input_text', text: environmentText(settings, ports) }],
    },
  ];
}

/** What the model is told when a turn was interrupted, before the next one. */
export function abortedContext(ports: AgentPorts): ResponseItem {
  const text =
    '<turn_aborted>\nThe user interrupted the previous turn. Tools that were running may have run in part; check before you retry.\n</turn_aborted>';
  return { ...message(ports), role: 'user', content: [{ type: 'input_text', text }] };
}

function message(ports: AgentPorts): Pick<MessageItem, 'type'> & { readonly id: string } {
  return { type: 'message', id: `msg_${ports.ids.uuid()}` };
}

function permissionsText(settings: Settings): string {
  const roots = writableRoots(settings);
  const files =
    roots === null
      ? 'Every file may be written.'
      : roots.length === 0
        ? 'No file may be written.'
        : `Files may be written under: ${roots.join(', ')}.`;
  const policy = typeof settings.approvalPolicy === 'string' ? settings.approvalPolicy : 'granular';
  return `<permissions>\nThe approval policy is ${policy}. ${files}\n</permissions>`;
}

function environmentText(settings: Settings, ports: AgentPorts): string {
  return `<environment_context>\n  <cwd>${settings.cwd}</cwd>\n  <shell>${ports.host.shell}</shell>\n</environment_context>`;
}
