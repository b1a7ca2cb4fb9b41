import { yieldToMacrotask } from '@millrace/channel';
import type { ModelClient, ModelEvent, ModelRequest, ThreadLog, ThreadStore } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import { ESCALATED } from './approval-ledger.js';
import { type Surroundings, seededStore } from './seeded-agent.js';

/** Few enough that the same command comes again, in the same thread and in others. */
const SCRIPTS = ['touch a', 'touch b', 'make x', `${ESCALATED} y`, `${ESCALATED} z`] as const;
/** Model responses of one turn that run something. */
const ROUNDS = 3;

/** A model that wants to run one or two commands in each of its first responses, some of them outside the sandbox. */
export function commandingModel({ random }: Surroundings): ModelClient {
  const rounds = new Map<string, number>();
  let made = 0;

  async function* stream({ turnId }: ModelRequest): AsyncGenerator<readonly ModelEvent[], void, void> {
    const round = (rounds.get(turnId) ?? 0) + 1;
    rounds.set(turnId, round);
    if (random.chance(0.2)) await yieldToMacrotask();
    for (let calls = round > ROUNDS ? 0 : random.int(0, 2); calls > 0; calls -= 1) {
      made += 1;
      yield [commandCall(`call_${made}`, random.pick(SCRIPTS))];
    }
    yield [{ type: 'completed', responseId: `r${made}`, usage: null }];
  }

  const { models } = scriptedModel();
  return { provider: 'scripted', streamMaxRetries: 0, models, stream };
}

function commandCall(callId: string, script: string): ModelEvent {
  const permissions = script.startsWith(ESCALATED) ? 'require_escalated' : 'use_default';
  const parameters = { cmd: script, yield_time_ms: 250, sandbox_permissions: permissions };
  return {
    type: 'itemCompleted',
    item: {
      type: 'function_call',
      call_id: callId,
      name: 'exec_command',
      arguments: JSON.stringify(parameters),
    },
  };
}

/** A store in memory, slow and broken now and then, that tells of each approval that is on disk. */
export function tellingStore(surroundings: Surroundings, onKept: (itemId: string) => void): ThreadStore {
  const store = seededStore(surroundings);
  return {
    ...store,
    create: async (meta): Promise<ThreadLog> => {
      const log = await store.create(meta);
      let accepted: string[] = [];
      return {
        append: (records) => {
          for (const record of records)
            if (record.type === 'approval' && record.outcome === 'accepted') accepted.push(record.itemId);
          log.append(records);
        },
        sync: async () => {
          const syncing = accepted;
          accepted = [];
          await log.sync();
          for (const itemId of syncing) onKept(itemId);
        },
        close: () => log.close(),
      };
    },
  };
}
