import { LIMITS, type PermissionProfileSummary } from '@millrace/protocol';
import type { Handler } from '../handlers.js';
import { paginate } from '../page.js';

/** Handles `permissionProfile/list`: the built-in ones; nobody administers a Millrace home, so all are allowed. */
export const handlePermissionProfileList: Handler<'permissionProfile/list'> = ({ cursor, limit }) =>
  paginate(PROFILES, (profile) => profile.id, { cursor, limit: limit ?? LIMITS.defaultPageSize });

const PROFILES: readonly PermissionProfileSummary[] = [':read-only', ':workspace', ':danger-full-access'].map(
  (id) => ({ id, description: null, allowed: true }),
);
