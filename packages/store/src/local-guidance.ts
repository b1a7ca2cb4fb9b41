import { join } from 'node:path';
import type { Guidance, ProjectInstructions, SkillCatalogue } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { EffectiveConfig } from './config.js';
import type { Disk } from './disk.js';
import { directoriesOfProject, readProjectInstructions } from './project-instructions.js';
import { findSkills, type SkillRoot } from './skill-catalogue.js';

/** Where a project keeps skills. */
const PROJECT_FOLDERS = ['.codex', '.agents'] as const;

export interface LocalGuidanceOptions {
  readonly disk: Disk;
  /** The home of this server, absolute. */
  readonly home: string;
  /** The home of the user, absolute: other agents keep skills in it too. */
  readonly userHome: string;
  /** What counts now. */
  readonly config: () => Pick<EffectiveConfig, 'projectInstructions' | 'skills'>;
}

/** The guidance on this machine's disk, read anew each time: people edit it while agents work. */
export class LocalGuidance implements Guidance {
  readonly #options: LocalGuidanceOptions;
  #extraRoots: readonly string[] = [];

  constructor(options: LocalGuidanceOptions) {
    this.#options = options;
  }

  instructions(cwd: string): Promise<ProjectInstructions> {
    const { disk, home, config } = this.#options;
    return readProjectInstructions(cwd, { disk, home, config: config().projectInstructions });
  }

  async skills(cwd: string): Promise<SkillCatalogue> {
    const { disk, config } = this.#options;
    return findSkills(await this.#roots(cwd), config().skills, disk);
  }

  async readSkill(path: string): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await this.#options.disk.readFile(path, LIMITS.skillFileBytes));
    } catch {
      return undefined;
    }
  }

  setExtraSkillRoots(roots: readonly string[]): void {
    this.#extraRoots = roots;
  }

  async #roots(cwd: string): Promise<readonly SkillRoot[]> {
    const { disk, home, userHome, config } = this.#options;
    const project = await directoriesOfProject(cwd, config().projectInstructions, disk);
    const ofProject = project.flatMap((path) =>
      PROJECT_FOLDERS.map((folder) => join(path, folder, 'skills')),
    );
    const ofUser = [join(home, 'skills'), join(userHome, '.agents', 'skills'), ...this.#extraRoots];
    return [
      ...ofUser.map((path) => ({ path, scope: 'user' as const })),
      ...ofProject.map((path) => ({ path, scope: 'repo' as const })),
    ];
  }
}
