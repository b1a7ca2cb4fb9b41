import type { RequestContext } from './request-context.js';

/** Tells a client that asked for whole threads what to ask for instead. */
export function noticeFullHistory({ services, connection }: RequestContext, instead: string): void {
  const summary = `Full-history hydration is deprecated for paginated threads; ${instead}`;
  services.router.tell(connection, 'deprecationNotice', { summary, details: null });
}

/** Instead of a resume or a fork with all turns. */
export const PAGE_AFTERWARDS =
  'use `excludeTurns: true`, then page with `thread/turns/list` and `thread/items/list`.';
