import type { ThreadItemEntry, Turn, TurnItemsView } from '@millrace/protocol';
import { type AnchoredPage, type AnchoredPageRequest, anchoredPage } from './anchored-page.js';
import { checkThreadId } from './find-thread.js';
import type { RequestContext } from './request-context.js';
import { invalidRequest, RpcError } from './rpc-error.js';
import { throwStoreFailure } from './store-failure.js';

/**
 * All turns of a thread with their items, oldest first, whether it is loaded or not.
 *
 * @throws {RpcError} where the thread is unknown, ephemeral, or has no turns yet.
 */
export async function threadHistory(
  threadId: string,
  { services, method }: RequestContext,
): Promise<readonly Turn[]> {
  checkThreadId(threadId, 'thread');
  const thread = services.threads.find(threadId.toLowerCase());
  if (thread?.isEphemeral === true) throw invalidRequest(`ephemeral threads do not support ${method}`);
  if (thread?.isKept === false) throw new RpcError('methodNotFound', 'list_turns is not supported yet');
  if (thread !== undefined) return thread.turns.all();
  const stored = await services.threads.stored.read(threadId.toLowerCase()).catch(throwStoreFailure);
  if (stored === undefined) throw invalidRequest(`thread not loaded: ${threadId}`);
  return stored.turns;
}

/** A page of turns; undefined when no turn is the anchor. */
export function turnsPage(
  turns: readonly Turn[],
  request: AnchoredPageRequest,
  view: TurnItemsView,
): AnchoredPage<Turn> | undefined {
  const page = anchoredPage(turns, (turn) => turn.id, request);
  return page === undefined ? undefined : { ...page, data: page.data.map((turn) => withItems(turn, view)) };
}

/** Every item of the turns, oldest first. */
export function itemEntries(turns: readonly Turn[]): ThreadItemEntry[] {
  return turns.flatMap(({ id: turnId, items }) =>
    items.map((item) => ({
      turnId,
      item,
      startedAtMs: item.startedAtMs ?? null,
      completedAtMs: item.completedAtMs ?? null,
    })),
  );
}

/** The key of an item in its thread: a model may use an item's id again in another turn. */
export function itemKey({ turnId, item }: ThreadItemEntry): string {
  return `${turnId}/${item.id}`;
}

/** The turn with as much as the view shows: a summary is what the user said first and the agent last. */
function withItems(turn: Turn, itemsView: TurnItemsView): Turn {
  if (itemsView === 'full') return turn;
  if (itemsView === 'notLoaded') return { ...turn, items: [], itemsView };
  const said = turn.items.find((item) => item.type === 'userMessage');
  const answered = turn.items.findLast((item) => item.type === 'agentMessage');
  return { ...turn, items: [said, answered].filter((item) => item !== undefined), itemsView };
}
