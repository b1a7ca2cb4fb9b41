import { z } from 'zod';
import { ITEM_TIMES, type ItemStart } from './item-times.js';
import type { Wire } from './wire.js';

/** How a patch touches one file. */
export const PatchChangeKind = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add') }),
  z.object({ type: z.literal('delete') }),
  z.object({ type: z.literal('update'), move_path: z.string().nullable() }),
]);
export type PatchChangeKind = Wire<typeof PatchChangeKind>;

/** One file of a patch. */
export const FileUpdateChange = z.object({
  path: z.string(),
  kind: PatchChangeKind,
  /** The plain content for `add` and `delete`, unified hunks for `update`. */
  diff: z.string(),
});
export interface FileUpdateChange extends Wire<typeof FileUpdateChange> {}

/** How a patch stands. A patch that was not allowed is `declined`. */
export const PatchApplyStatus = z.enum(['inProgress', 'completed', 'failed', 'declined']);
export type PatchApplyStatus = Wire<typeof PatchApplyStatus>;

/** A patch that the agent applies, with its files ordered by path. */
export const FileChangeItem = z.object({
  type: z.literal('fileChange'),
  id: z.string(),
  changes: z.array(FileUpdateChange),
  status: PatchApplyStatus,
  ...ITEM_TIMES,
});
export interface FileChangeItem extends Wire<typeof FileChangeItem> {}

/** An open patch. */
export function newFileChange(fields: ItemStart & Pick<FileChangeItem, 'changes'>): FileChangeItem {
  return {
    type: 'fileChange',
    id: fields.id,
    changes: fields.changes,
    status: 'inProgress',
    startedAtMs: fields.startedAtMs,
    completedAtMs: null,
  };
}
