import { parentDirectory } from './absolute-path.js';
import type { FileEdit, PlannedPatch } from './patch-plan.js';
import type { FileSystem } from './ports.js';

/** How applying a patch ended. */
export type ApplyResult =
  /** Everything is written; `text` is for the model. */
  | { readonly type: 'applied'; readonly text: string }
  | {
      readonly type: 'failed';
      /** `changed`: a file is not what was verified, and nothing was written. `io`: the file system refused. */
      readonly reason: 'changed' | 'io';
      /** What happened and what became of the files that had been written, for the model. */
      readonly text: string;
      /** Files that could not be put back; empty when everything is as it was. */
      readonly notRestored: readonly string[];
    };

/**
 * Writes a planned patch: all of it, or nothing.
 *
 * First checks that each file still is what was verified, byte for byte, and that no symbolic link has come into its path: an
 * approval may have taken a while. When a write fails, the files that were written are put
 * back in reverse order; directories that were made for them stay. Cannot be cancelled half-way, and never rejects.
 */
export async function applyPlan(plan: PlannedPatch, fileSystem: FileSystem): Promise<ApplyResult> {
  // New contents first and removals last, so that a failure half-way has lost nothing.
  const edits = [...plan.edits.filter((edit) => edit.after), ...plan.edits.filter((edit) => !edit.after)];
  const begun: FileEdit[] = [];
  try {
    for (const edit of edits) {
      if ((await isSamePlace(edit, fileSystem)) && (await isUnchanged(edit, fileSystem))) continue;
      return {
        type: 'failed',
        reason: 'changed',
        text: `${edit.path} has changed since it was read; nothing was written`,
        notRestored: [],
      };
    }
    for (const edit of edits) {
      begun.push(edit);
      await writeEdit(edit, fileSystem);
    }
    return { type: 'applied', text: plan.successText };
  } catch (error) {
    const notRestored = await restore(begun, fileSystem);
    return { type: 'failed', reason: 'io', text: failureText(begun.at(-1), error, notRestored), notRestored };
  }
}

async function isSamePlace({ realPath }: FileEdit, fileSystem: FileSystem): Promise<boolean> {
  return (await fileSystem.resolvePath(realPath)) === realPath;
}

async function isUnchanged(edit: FileEdit, fileSystem: FileSystem): Promise<boolean> {
  const kind = await fileSystem.kindOf(edit.realPath);
  if (edit.before === undefined || kind !== 'file') return edit.before === undefined && kind === undefined;
  return areEqual(await fileSystem.readFile(edit.realPath), edit.before);
}

async function writeEdit({ realPath, after }: FileEdit, fileSystem: FileSystem): Promise<void> {
  if (after === undefined) return fileSystem.remove(realPath);
  const missing: string[] = [];
  let directory = parentDirectory(realPath);
  while (directory !== '/' && (await fileSystem.kindOf(directory)) === undefined) {
    missing.push(directory);
    directory = parentDirectory(directory);
  }
  for (const path of missing.reverse()) await fileSystem.makeDirectory(path);
  await fileSystem.writeFile(realPath, after);
}

/** Puts files back, the last one first; the one whose write failed may or may not have been written. */
async function restore(begun: readonly FileEdit[], fileSystem: FileSystem): Promise<readonly string[]> {
  const notRestored: string[] = [];
  for (const edit of begun.toReversed()) {
    try {
      if (await isUnchanged(edit, fileSystem)) continue;
      if (edit.before === undefined) await fileSystem.remove(edit.realPath);
      else await fileSystem.writeFile(edit.realPath, edit.before);
    } catch {
      notRestored.push(edit.path);
    }
  }
  return notRestored;
}

function failureText(failed: FileEdit | undefined, error: unknown, notRestored: readonly string[]): string {
  const reason = error instanceof Error ? error.message : String(error);
  const cause =
    failed === undefined
      ? `the files could not be read again: ${reason}`
      : `${failed.path} could not be written: ${reason}`;
  if (notRestored.length === 0) return `${cause}; no file was changed`;
  return `${cause}; these files could not be put back as they were: ${notRestored.join(', ')}`;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
