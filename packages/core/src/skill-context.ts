import { LIMITS, type UserInput } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { Guidance, Skill } from './ports.js';
import type { ResponseItem } from './response-item.js';

/** How a user names a skill in a text. */
const MENTION = /\$([\w:-]+)/g;

/** What the model is told of the skills that it may use; null where there are none. */
export function skillsText(skills: readonly Skill[]): string | null {
  const enabled = skills.filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0) return null;
  const lines: string[] = [];
  let characters = 0;
  for (const { name, description, path } of enabled) {
    const line = `- ${name}: ${description.replace(/\s+/g, ' ')} (file: ${path})`;
    characters += line.length;
    if (characters > LIMITS.skillListChars) break;
    lines.push(line);
  }
  const more = enabled.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more that do not fit here`);
  return `<skills_instructions>
## Skills
A skill is a file with instructions for one kind of task. When a task is of the kind that a description names, or the user names \
a skill as $name, read its file before you begin and do as it says. Paths in it count from its own directory.
${lines.join('\n')}
</skills_instructions>`;
}

/** The skills that an input names, as the model is given them: each file once, in the order in which they are named. */
export async function namedSkills(
  content: readonly UserInput[],
  cwd: string,
  ports: AgentPorts,
): Promise<ResponseItem[]> {
  const named = new Map<string, string>();
  for (const part of content) if (part.type === 'skill') named.set(part.path, part.name);
  for (const { name, path } of await mentionedSkills(content, cwd, ports.guidance)) named.set(path, name);
  const items = await Promise.all(
    [...named].slice(0, LIMITS.inputParts).map(([path, name]) => skillItem(name, path, ports)),
  );
  return items.filter((item) => item !== undefined);
}

async function mentionedSkills(
  content: readonly UserInput[],
  cwd: string,
  guidance: Guidance,
): Promise<readonly Skill[]> {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const names = new Set(texts.flatMap((text) => [...text.matchAll(MENTION)].map(([, name]) => name)));
  if (names.size === 0) return [];
  const { skills } = await guidance.skills(cwd);
  return skills.filter(({ name, isEnabled }) => isEnabled && names.has(name));
}

async function skillItem(
  name: string,
  path: string,
  { guidance, ids }: AgentPorts,
): Promise<ResponseItem | undefined> {
  const text = await guidance.readSkill(path);
  if (text === undefined) return undefined;
  const skill = `<skill>\n<name>${name}</name>\n<path>${path}</path>\n${text}\n</skill>`;
  return {
    type: 'message',
    id: `msg_${ids.uuid()}`,
    role: 'user',
    content: [{ type: 'input_text', text: skill }],
  };
}
