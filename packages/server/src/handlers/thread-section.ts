import { LIMITS, type ThreadSection } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { RpcError } from '../rpc-error.js';
import { throwStoreFailure } from '../store-failure.js';

/** Handles `threadSection/list`. A cursor is the section that the page before ended with; after one that is gone there is nothing. */
export const handleThreadSectionList: Handler<'threadSection/list'> = async (
  { cursor, limit },
  { services },
) => {
  const sections = await services.sections.list().catch(throwStoreFailure);
  const size = Math.max(limit ?? LIMITS.threadSections, 1);
  const index = cursor == null ? -1 : sections.findIndex(({ id }) => id === cursor);
  const start = cursor != null && index === -1 ? sections.length : index + 1;
  const data = sections.slice(start, start + size);
  return { data, nextCursor: start + size < sections.length ? (data.at(-1)?.id ?? null) : null };
};

/** Handles `threadSection/create`. Several sections may have one name. */
export const handleThreadSectionCreate: Handler<'threadSection/create'> = async (
  { name, appearance = null },
  { services },
) => {
  const section = await services.sections
    .create(checkedName(name, appearance), appearance)
    .catch(throwStoreFailure);
  if (typeof section === 'string') throw new RpcError('invalidParams', section);
  return { section };
};

/** Handles `threadSection/update`. */
export const handleThreadSectionUpdate: Handler<'threadSection/update'> = async (
  { sectionId, name, appearance },
  { services },
) => {
  const looks = { name: checkedName(name, appearance), appearance };
  const section = await services.sections.update(sectionId, looks).catch(throwStoreFailure);
  if (section === undefined) throw sectionNotFound(sectionId);
  return { section };
};

/** Handles `threadSection/delete`. The threads in it stay, in no section. */
export const handleThreadSectionDelete: Handler<'threadSection/delete'> = async (
  { sectionId },
  { services },
) => {
  if (!(await services.sections.delete(sectionId).catch(throwStoreFailure))) throw sectionNotFound(sectionId);
  return {};
};

/** @throws {RpcError} `invalidParams` for a name or looks that are too long, and for no name. */
function checkedName(name: string, appearance: ThreadSection['appearance'] | undefined): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new RpcError('invalidParams', 'section name must not be empty');
  const longest = Math.max(
    ...[trimmed, appearance?.icon, appearance?.color].map((text) => text?.length ?? 0),
  );
  if (longest > LIMITS.sectionTextChars) {
    const message = `section names, icons and colors must be at most ${LIMITS.sectionTextChars} characters`;
    throw new RpcError('invalidParams', message);
  }
  return trimmed;
}

function sectionNotFound(sectionId: string): RpcError {
  return new RpcError('invalidParams', `thread section not found: ${sectionId}`);
}
