import type { RoundContext } from './model-round.js';
import type { ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';
import type { WorkContext } from './turn-work.js';

/**
 * A turn as it is lent to questions beside the thread: with a history of their own, which nobody keeps, and settings of their own.
 *
 * What they use is accounted for like everything else, so whoever asked has to say afterwards how full the window is.
 */
export function sideContext(
  turn: WorkContext,
  history: readonly ResponseItem[],
  settings: Settings = turn.settings,
): RoundContext {
  const {
    ports,
    threadId,
    turnId,
    signal,
    output,
    status,
    approvals,
    terminals,
    diff,
    features,
    tools,
    agenda,
  } = turn;
  const said = [...history];
  return {
    ports,
    threadId,
    turnId,
    settings,
    signal,
    output,
    status,
    approvals,
    terminals,
    agenda,
    diff,
    features,
    tools,
    history: said,
    remember: (...items) => void said.push(...items),
    account: (usage) => turn.account(usage),
    repeatUsage: () => turn.repeatUsage(),
    closeStreamed: () => turn.closeStreamed(),
    cancel: () => turn.cancel(),
    showDiff: () => turn.showDiff(),
    reportFault: (error) => turn.reportFault(error),
  };
}
