import type { AgentPorts } from './agent-ports.js';
import type { MessageItem, ResponseItem } from './response-item.js';
import { type Settings, writableRoots } from './settings.js';
import { skillsText } from './skill-context.js';
import { lastTold } from './told-context.js';

const BASE_INSTRUCTIONS = `You are an agent that works in a user's directory through Millrace. You act by calling tools: \
exec_command runs a command, write_stdin talks to one that is still running, apply_patch changes files. Look before you \
change, make the smallest change that does the job, check that it worked, and say briefly what you did. When a command needs \
more than the sandbox allows, ask for it with sandbox_permissions "require_escalated" and a one-sentence justification. \
Instructions in AGENTS.md files hold for the directory they stand in and everything below it; a deeper file counts before one \
further up, and what the user says counts before all of them. Before you work below your directory, look for files there.`;

/** How the instructions of a project begin, which no element surrounds. */
export const PROJECT_INSTRUCTIONS = '# AGENTS.md instructions for ';
const PERMISSIONS = '<permissions>';
const ENVIRONMENT = '<environment_context>';

/**
 * What the model is told once, before the first user message: who it is, what it may do and which skills there are, then how people
 * want it to work here, and where it is (observed 0.169, §13).
 */
export async function openingContext(settings: Settings, ports: AgentPorts): Promise<ResponseItem[]> {
  const { cwd, baseInstructions, developerInstructions } = settings;
  const [{ text }, { skills }] = await Promise.all([
    ports.guidance.instructions(cwd),
    ports.guidance.skills(cwd),
  ]);
  const project = text === null ? null : instructionsText(cwd, text);
  return [
    message(ports, 'developer', [baseInstructions ?? BASE_INSTRUCTIONS]),
    message(ports, 'developer', [developerInstructions, skillsText(skills), permissionsText(settings)]),
    message(ports, 'user', [project, environmentText(settings, ports)]),
  ];
}

/** What the model has to be told because it is not as the history tells it last: what it may do, and where it is. Mostly nothing. */
export function changedContext(
  settings: Settings,
  history: readonly ResponseItem[],
  ports: AgentPorts,
): ResponseItem[] {
  const permissions = permissionsText(settings);
  const environment = environmentText(settings, ports);
  return [
    ...(lastTold(history, PERMISSIONS) === permissions ? [] : [message(ports, 'developer', [permissions])]),
    ...(lastTold(history, ENVIRONMENT) === environment ? [] : [message(ports, 'user', [environment])]),
  ];
}

/** What the model is told when a turn was interrupted, before the next one. */
export function abortedContext(ports: AgentPorts): ResponseItem {
  const text =
    '<turn_aborted>\nThe user interrupted the previous turn. Tools that were running may have run in part; check before you retry.\n</turn_aborted>';
  return toldContext(text, ports);
}

/** What the server tells the model where the user would speak. */
export function toldContext(text: string, ports: AgentPorts): ResponseItem {
  return message(ports, 'user', [text]);
}

function message(
  { ids }: AgentPorts,
  role: 'developer' | 'user',
  texts: readonly (string | null)[],
): MessageItem {
  const content = texts
    .filter((text) => text !== null)
    .map((text) => ({ type: 'input_text' as const, text }));
  return { type: 'message', id: `msg_${ids.uuid()}`, role, content };
}

function instructionsText(cwd: string, text: string): string {
  return `${PROJECT_INSTRUCTIONS}${cwd}\n\n<INSTRUCTIONS>\n${text}\n</INSTRUCTIONS>`;
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
  return `${PERMISSIONS}\nThe approval policy is ${policy}. ${files}\n</permissions>`;
}

function environmentText({ cwd }: Settings, { host, clock }: AgentPorts): string {
  const { shell, timezone } = host;
  const shellName = shell.slice(shell.lastIndexOf('/') + 1);
  return `${ENVIRONMENT}
  <cwd>${escapeText(cwd)}</cwd>
  <shell>${escapeText(shellName)}</shell>
  <current_date>${dateIn(timezone, clock.now())}</current_date>
  <timezone>${timezone}</timezone>
</environment_context>`;
}

/** As `2026-11-21`, whatever languages the runtime knows. */
function dateIn(timeZone: string, atMs: number): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

/** A directory may be called whatever its owner likes; it must not end the element it stands in. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
