import { type FileUpdateChange, LIMITS } from '@millrace/protocol';
import { absolutePath, baseName, parentDirectory } from './absolute-path.js';
import { FileText } from './file-text.js';
import type { ParsedPatch, PatchOperation } from './patch-grammar.js';
import { matchHunks } from './patch-match.js';
import type { FileSystem } from './ports.js';
import { unifiedDiff } from './unified-diff.js';

/** Bytes of all contents of one plan, old and new together, counted at each operation: what it holds and what it works through. */
const MAX_PLAN_BYTES = 4 * LIMITS.patchedFileBytes;
/** File operations of one patch. */
const MAX_OPERATIONS = 1_000;

/** A patch that fits the files as they are, worked out but not yet written. */
export interface PlannedPatch {
  readonly type: 'planned';
  /** What a client is shown, sorted by path. */
  readonly changes: readonly FileUpdateChange[];
  /** What is written, in the order of the patch; a move is a new file and a removed one. */
  readonly edits: readonly FileEdit[];
  /** Absolute paths of all files that are written or removed, with symbolic links resolved: what writable roots are checked for. */
  readonly touchedPaths: readonly string[];
  /** What the model is told once the patch is applied. */
  readonly successText: string;
}

/** One file before and after. */
export interface FileEdit {
  /** Absolute, as a client is shown it. */
  readonly path: string;
  /** The same file with symbolic links resolved: the one that is written. */
  readonly realPath: string;
  /** Exact contents; undefined where there is no file. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  /** The path that the file was moved here from. */
  readonly movedFrom?: string;
}

/** A patch that does not fit, explained to the model. Nothing was written. */
export interface PatchFailure {
  readonly type: 'patchFailure';
  readonly message: string;
}

export interface PlanContext {
  /** Absolute directory that the paths of the patch are resolved against. */
  readonly cwd: string;
  readonly fileSystem: FileSystem;
}

/**
 * Verifies a patch against the files and works out what it would write; only reads.
 *
 * An added file may replace one that is there; a deleted, updated or moved one must exist; the target of a move must not.
 * Several updates of one file apply one after the other. Any other patch that names a file twice, also through a symbolic
 * link, fails. Never rejects: what the file system refuses is a failure too.
 */
export async function planPatch(
  patch: ParsedPatch,
  context: PlanContext,
): Promise<PlannedPatch | PatchFailure> {
  const planner = new PatchPlanner(context);
  let path = '';
  try {
    if (patch.operations.length > MAX_OPERATIONS)
      throw new PlanFault(`more than ${MAX_OPERATIONS} file operations`);
    for (const operation of patch.operations) {
      path = operation.path;
      await planner.plan(operation);
    }
    return planner.finish();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const subject = path === '' ? '' : `${path}: `;
    return { type: 'patchFailure', message: `apply_patch verification failed: ${subject}${reason}` };
  }
}

/** Leaves the planner; never leaves this file. */
class PlanFault extends Error {}

/** A file that the patch names. */
interface NamedFile {
  readonly path: string;
  readonly realPath: string;
}

type PlannedChange = NamedFile &
  ({ readonly type: PatchOperation['type'] } | { readonly type: 'move'; readonly target: NamedFile });

class PatchPlanner {
  readonly #cwd: string;
  readonly #fileSystem: FileSystem;
  readonly #edits = new Map<string, FileEdit>();
  /** By the real path of the file that the change is about. */
  readonly #changes = new Map<string, PlannedChange>();
  readonly #written = { A: new Set<string>(), M: new Set<string>(), D: new Set<string>() };
  #bytes = 0;

  constructor({ cwd, fileSystem }: PlanContext) {
    this.#cwd = cwd;
    this.#fileSystem = fileSystem;
  }

  async plan(operation: PatchOperation): Promise<void> {
    if (operation.type === 'add') await this.#add(operation);
    else if (operation.type === 'delete') await this.#delete(operation);
    else await this.#update(operation);
  }

  finish(): PlannedPatch {
    const changes = [...this.#changes.values()]
      .map((change) => this.#describe(change))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const edits = [...this.#edits.values()];
    const lines = Object.entries(this.#written).flatMap(([letter, paths]) =>
      [...paths].map((path) => `${letter} ${path}\n`),
    );
    return {
      type: 'planned',
      changes,
      edits,
      touchedPaths: [...this.#edits.keys()].sort(),
      successText: `Success. Updated the following files:\n${lines.join('')}`,
    };
  }

  #describe(change: PlannedChange): FileUpdateChange {
    const { path } = change;
    const before = textOf(this.#edits.get(change.realPath)?.before);
    const moved = change.type === 'move' ? change.target : undefined;
    const after = textOf(this.#edits.get((moved ?? change).realPath)?.after);
    if (change.type === 'add') return { path, kind: { type: 'add' }, diff: after };
    if (change.type === 'delete') return { path, kind: { type: 'delete' }, diff: before };
    const trailer = moved === undefined ? '' : `\n\nMoved to: ${moved.path}`;
    const kind = { type: 'update', move_path: moved?.path ?? null } as const;
    return { path, kind, diff: `${unifiedDiff(before, after)}${trailer}` };
  }

  async #add({ path, content }: PatchOperation & { type: 'add' }): Promise<void> {
    const file = await this.#name(path);
    this.#refuseSecond(file);
    const before =
      (await this.#fileSystem.kindOf(file.realPath)) === undefined ? undefined : await this.#read(file);
    this.#put({ ...file, before, after: new TextEncoder().encode(content) });
    this.#changes.set(file.realPath, { ...file, type: 'add' });
    this.#written.A.add(path);
  }

  async #delete({ path }: PatchOperation & { type: 'delete' }): Promise<void> {
    const file = await this.#name(path);
    this.#refuseSecond(file);
    const before = await this.#read(file);
    await this.#refuseLink(file);
    this.#put({ ...file, before, after: undefined });
    this.#changes.set(file.realPath, { ...file, type: 'delete' });
    this.#written.D.add(path);
  }

  async #update(operation: PatchOperation & { type: 'update' }): Promise<void> {
    const file = await this.#name(operation.path);
    const isAgain = operation.movePath === undefined && this.#changes.get(file.realPath)?.type === 'update';
    if (!isAgain) this.#refuseSecond(file);
    const earlier = isAgain ? this.#edits.get(file.realPath) : undefined;
    const before = earlier?.before ?? (await this.#read(file));
    const after = applyHunks(earlier?.after ?? before, operation);
    if (operation.movePath !== undefined) return this.#move(file, operation.movePath, before, after);
    this.#put({ ...file, before, after });
    this.#changes.set(file.realPath, { ...file, type: 'update' });
    this.#written.M.add(operation.path);
  }

  async #move(file: NamedFile, movePath: string, before: Uint8Array, after: Uint8Array): Promise<void> {
    const target = await this.#name(movePath);
    this.#refuseSecond(target);
    if (target.realPath === file.realPath) throw new PlanFault('a file cannot be moved to itself');
    if ((await this.#fileSystem.kindOf(target.realPath)) !== undefined) {
      throw new PlanFault(`cannot move it to ${movePath}, which exists`);
    }
    await this.#refuseLink(file);
    this.#put({ ...target, before: undefined, after, movedFrom: file.path });
    this.#put({ ...file, before, after: undefined });
    this.#changes.set(file.realPath, { ...file, type: 'move', target });
    this.#written.M.add(movePath);
  }

  async #name(path: string): Promise<NamedFile> {
    const absolute = absolutePath(this.#cwd, path);
    return { path: absolute, realPath: await this.#fileSystem.resolvePath(absolute) };
  }

  async #read(file: NamedFile): Promise<Uint8Array> {
    const kind = await this.#fileSystem.kindOf(file.realPath);
    if (kind === undefined) throw new PlanFault('there is no such file');
    if (kind !== 'file') throw new PlanFault('it is not a regular file');
    const bytes = await this.#fileSystem.readFile(file.realPath);
    if (bytes.length > LIMITS.patchedFileBytes) {
      throw new PlanFault(`it has more than ${LIMITS.patchedFileBytes} bytes`);
    }
    return bytes;
  }

  #put(edit: FileEdit): void {
    this.#bytes += (edit.before?.length ?? 0) + (edit.after?.length ?? 0);
    if (this.#bytes > MAX_PLAN_BYTES)
      throw new PlanFault(`the files of the patch have more than ${MAX_PLAN_BYTES} bytes together`);
    this.#edits.set(edit.realPath, edit);
  }

  #refuseSecond(file: NamedFile): void {
    if (this.#edits.has(file.realPath))
      throw new PlanFault('the patch has another operation on the same file');
  }

  /** Removing a link would leave its target, and removing the target would leave the link: neither was asked for. */
  async #refuseLink(file: NamedFile): Promise<void> {
    const directory = await this.#fileSystem.resolvePath(parentDirectory(file.path));
    if (absolutePath(directory, baseName(file.path)) !== file.realPath) {
      throw new PlanFault('it is a symbolic link, which a patch cannot move or delete');
    }
  }
}

function applyHunks(before: Uint8Array, operation: PatchOperation & { type: 'update' }): Uint8Array {
  const text = FileText.decode(before);
  if (text === undefined) throw new PlanFault('it is not UTF-8 text');
  const edits = matchHunks(text.lines, operation.hunks);
  if ('type' in edits) throw new PlanFault(edits.message);
  return text.edited(edits);
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
