/** What people have written down for agents, in files of their home and of their projects. Nothing of it ever rejects. */
export interface Guidance {
  /** The instructions for whoever works in that directory (absolute). */
  instructions(cwd: string): Promise<ProjectInstructions>;
  /** The skills that can be used in that directory (absolute). */
  skills(cwd: string): Promise<SkillCatalogue>;
  /** The text of a `SKILL.md` (absolute); undefined where it cannot be read. */
  readSkill(path: string): Promise<string | undefined>;
  /** Directories (absolute) that hold skills for every project, in the place of those given before. */
  setExtraSkillRoots(roots: readonly string[]): void;
}

export interface ProjectInstructions {
  /** The files that they come from, absolute; those of the home first, then from the root of the project down. */
  readonly sources: readonly string[];
  /** All of them together; null where there are none. */
  readonly text: string | null;
}

export interface SkillCatalogue {
  /** Those of the project first, then those of the home; by name. */
  readonly skills: readonly Skill[];
  /** Files that look like skills and cannot be used. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

/** Instructions for one kind of task. */
export interface Skill {
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  readonly shortDescription: string | null;
  /** Its file `SKILL.md`, absolute. */
  readonly path: string;
  /** Whom it belongs to. */
  readonly scope: 'user' | 'repo';
  /** False where the configuration has switched it off: then the model is told nothing of it. */
  readonly isEnabled: boolean;
}
