import { dirname, join } from 'node:path';
import type { ProjectInstructions } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import type { ProjectInstructionsConfig } from './config.js';
import { type Disk, diskErrorCode } from './disk.js';

/** What a directory's instructions are called; the first one that is there counts. */
const NAMES = ['AGENTS.override.md', 'AGENTS.md'] as const;

export interface InstructionPlaces {
  readonly disk: Disk;
  /** Absolute: whose own instructions come first. */
  readonly home: string;
  readonly config: ProjectInstructionsConfig;
}

/**
 * Reads the instructions for whoever works in a directory: those of the home, then one file of each directory from the root of the
 * project down to this one. The project's files share `maxBytes`; what does not fit is cut at its end, the innermost files first.
 *
 * Never rejects: a file that cannot be read is left out.
 */
export async function readProjectInstructions(
  cwd: string,
  { disk, home, config }: InstructionPlaces,
): Promise<ProjectInstructions> {
  const own = await firstFile(disk, home, NAMES);
  const files: InstructionFile[] = [];
  let bytesLeft = config.maxBytes;
  for (const directory of await directoriesOfProject(cwd, config, disk)) {
    if (bytesLeft <= 0) break;
    const file = await firstFile(disk, directory, [...NAMES, ...config.fallbackFilenames]);
    if (file === undefined || file.path === own?.path) continue;
    files.push({ path: file.path, bytes: file.bytes.subarray(0, bytesLeft) });
    bytesLeft -= file.bytes.length;
  }
  const parts = [own && textOf(own).trimEnd(), files.length > 0 && files.map(textOf).join('\n\n')];
  const texts = parts.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
  return {
    sources: [...(own === undefined ? [] : [own]), ...files].map(({ path }) => path),
    text: texts.length === 0 ? null : texts.join('\n\n--- project-doc ---\n\n'),
  };
}

/** The directories of a project from its root down to this one; this one alone where it is in no project. */
export async function directoriesOfProject(
  cwd: string,
  { rootMarkers }: Pick<ProjectInstructionsConfig, 'rootMarkers'>,
  disk: Disk,
): Promise<readonly string[]> {
  const directories: string[] = [];
  for (let directory = cwd; ; directory = dirname(directory)) {
    directories.unshift(directory);
    if (await holdsAny(disk, directory, rootMarkers)) return directories;
    if (dirname(directory) === directory) return [cwd];
  }
}

interface InstructionFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Cut bytes end in no half character. */
function textOf({ bytes }: InstructionFile): string {
  return new TextDecoder().decode(bytes, { stream: true });
}

async function firstFile(
  disk: Disk,
  directory: string,
  names: readonly string[],
): Promise<InstructionFile | undefined> {
  for (const name of names) {
    const path = join(directory, name);
    try {
      return { path, bytes: await disk.readFile(path, LIMITS.instructionFileBytes) };
    } catch (error) {
      if (diskErrorCode(error) !== 'EFBIG') continue;
      const note = `(${path} is over ${LIMITS.instructionFileBytes} bytes and is left out.)\n`;
      return { path, bytes: new TextEncoder().encode(note) };
    }
  }
  return undefined;
}

async function holdsAny(disk: Disk, directory: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const isThere = await disk.realPath(join(directory, name)).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
