import type { AgentPorts } from './agent-ports.js';
import type { ResponseItem } from './response-item.js';
import type { Settings } from './settings.js';
import { lastTold } from './told-context.js';

const PLAN_MODE = `# Plan mode

The user wants a plan before anything is done. Find out what the plan depends on: read files, search, run commands that only look. \
Change nothing: no patches, no commands that write, install, commit or send, even where the user asks for it; they can leave plan \
mode for that.

Ask with request_user_input where an answer would change the plan and the code does not have it. Do not ask what you can look up.

When nothing is open that would change the plan, write it so that somebody else could carry it out without asking you: the goal, \
the files that change and how, the order of the steps, how to test the result, and what you assumed. Put it between two tags that \
stand on lines of their own, once in a reply, in Markdown:

<proposed_plan>
the plan
</proposed_plan>

Write the tags exactly like that, and no plan where you still have questions. When the user wants something else, propose the whole \
plan again.`;

const DEFAULT_MODE = 'Plan mode is over. Carry out what the user asks for.';

/** What stands around the text, so that it is known again in the history. */
const OPEN = '<collaboration_mode>';
const CLOSE = '</collaboration_mode>';

/** What the model is told of the mode of the thread; null where there is nothing to tell. */
export function modeInstructions({
  mode,
  modeInstructions: own,
}: Pick<Settings, 'mode' | 'modeInstructions'>): string | null {
  return own ?? (mode === 'plan' ? PLAN_MODE : null);
}

/** What the model has to be told because the mode is not the one that the history tells it last; mostly nothing. */
export function modeContext(
  settings: Settings,
  history: readonly ResponseItem[],
  ports: AgentPorts,
): ResponseItem[] {
  const told = lastTold(history, OPEN);
  const instructions = modeInstructions(settings);
  if (told === undefined && instructions === null) return [];
  const text = `${OPEN}\n${instructions ?? DEFAULT_MODE}\n${CLOSE}`;
  if (text === told) return [];
  const id = `msg_${ports.ids.uuid()}`;
  return [{ type: 'message', id, role: 'developer', content: [{ type: 'input_text', text }] }];
}
