import { basename, dirname, join } from 'node:path';
import type { Skill, SkillCatalogue } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode } from './disk.js';
import { readFrontMatter } from './front-matter.js';

/** A directory whose directories may hold a `SKILL.md`. */
export interface SkillRoot {
  /** Absolute. */
  readonly path: string;
  readonly scope: Skill['scope'];
}

/** What the configuration says of one skill, by its file or by its name. */
export interface SkillSwitch {
  readonly path: string | null;
  readonly name: string | null;
  readonly isEnabled: boolean;
}

/** Levels of directories below a root in which skills are looked for. */
const DEPTH = 3;

/**
 * Finds the skills below those directories. A skill that several roots lead to is listed once. Files that look like skills and
 * cannot be used come back with the reason. Never rejects; at most `LIMITS.skills` are found.
 */
export async function findSkills(
  roots: readonly SkillRoot[],
  switches: readonly SkillSwitch[],
  disk: Disk,
): Promise<SkillCatalogue> {
  const skills = new Map<string, Skill>();
  const errors = new Map<string, string>();
  const walk = { disk, directoriesLeft: LIMITS.skillDirectories };
  for (const { path: root, scope } of roots) {
    for (const path of await skillFiles(walk, root, DEPTH)) {
      if (skills.has(path) || errors.has(path)) continue;
      if (skills.size + errors.size >= LIMITS.skills) break;
      const skill = await readSkill(disk, path);
      if (typeof skill === 'string') errors.set(path, skill);
      else skills.set(path, { ...skill, path, scope, isEnabled: isEnabled(path, skill.name, switches) });
    }
  }
  const rank = ({ scope, name }: Skill): string => `${scope === 'repo' ? 0 : 1} ${name}`;
  return {
    skills: [...skills.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)),
    errors: [...errors].map(([path, message]) => ({ path, message })),
  };
}

/** The last switch that names the skill decides. */
function isEnabled(path: string, name: string, switches: readonly SkillSwitch[]): boolean {
  return switches.findLast((one) => one.path === path || one.name === name)?.isEnabled ?? true;
}

interface SkillWalk {
  readonly disk: Disk;
  directoriesLeft: number;
}

/** Every `SKILL.md` below a directory; nothing below a skill, and nothing hidden. */
async function skillFiles(walk: SkillWalk, directory: string, depth: number): Promise<readonly string[]> {
  if (walk.directoriesLeft <= 0) return [];
  walk.directoriesLeft -= 1;
  const names = await walk.disk.listDirectory(directory).catch((): readonly string[] => []);
  if (names.includes('SKILL.md')) return [join(directory, 'SKILL.md')];
  if (depth === 0) return [];
  const files: string[] = [];
  for (const name of names.toSorted()) {
    if (name.startsWith('.')) continue;
    files.push(...(await skillFiles(walk, join(directory, name), depth - 1)));
  }
  return files;
}

/** What the head of the file says, or why it cannot be used. */
async function readSkill(
  disk: Disk,
  path: string,
): Promise<Pick<Skill, 'name' | 'description' | 'shortDescription'> | string> {
  let text: string;
  try {
    text = new TextDecoder().decode(await disk.readFile(path, LIMITS.skillFileBytes));
  } catch (error) {
    return `failed to read file: ${diskErrorCode(error) ?? 'unknown error'}`;
  }
  const head = readFrontMatter(text);
  if (head === undefined) return 'missing YAML frontmatter delimited by ---';
  const description = head.get('description') ?? '';
  if (description === '') return 'missing field `description`';
  const name = head.get('name') || basename(dirname(path));
  if (name.length > LIMITS.skillNameChars)
    return `invalid name: exceeds maximum length of ${LIMITS.skillNameChars} characters`;
  if (description.length > LIMITS.skillDescriptionChars)
    return `invalid description: exceeds maximum length of ${LIMITS.skillDescriptionChars} characters`;
  return { name, description, shortDescription: head.get('metadata.short-description') ?? null };
}
