import { type Clock, sleep, yieldToMacrotask } from '@millrace/channel';
import {
  type ModelClient,
  ModelError,
  type ModelEvent,
  type ModelRequest,
  StoreError,
  type ThreadStore,
} from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';
import type { SeededRandom } from '@millrace/testkit';
import type { Program } from '../runtime/scripted-processes.js';

/** Model responses of one turn that may call tools. */
const TOOL_ROUNDS = 3;
const never = new Promise<never>(() => {});

/** What the seed decides for everything outside the server. */
export interface Surroundings {
  readonly random: SeededRandom;
  readonly clock: Clock;
}

/** A model that says, thinks, calls, stalls, fails and hangs as the seed has it. Every script that it wants to run is another one. */
export function seededModel({ random, clock }: Surroundings): ModelClient {
  const rounds = new Map<string, number>();
  let made = 0;

  async function* stream(
    { turnId }: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ModelEvent[], void, void> {
    const round = (rounds.get(turnId) ?? 0) + 1;
    rounds.set(turnId, round);
    for (let parts = random.int(0, 3); parts > 0; parts -= 1) {
      made += 1;
      await pause(signal);
      for (const event of part(`i${made}`, round <= TOOL_ROUNDS)) {
        yield [event];
        if (random.chance(0.2)) await pause(signal);
      }
    }
    if (random.chance(0.05))
      throw new ModelError('made up', { info: 'other', retryable: random.chance(0.5) });
    if (random.chance(0.02)) return;
    yield [{ type: 'completed', responseId: `r${made}`, usage: random.chance(0.5) ? USAGE : null }];
  }

  async function pause(signal: AbortSignal): Promise<void> {
    const choice = random.next();
    if (choice < 0.02) await never;
    else if (choice < 0.2) await sleep(clock, random.int(1, 3_000), signal);
    else if (choice < 0.6) await yieldToMacrotask();
  }

  function part(id: string, mayCall: boolean): readonly ModelEvent[] {
    const choice = random.next();
    if (mayCall && choice < 0.4) return [call(id)];
    const deltas = Array.from({ length: random.int(0, 4) }, (_, index) => `${id}.${index} `);
    return choice < 0.8 ? message(id, deltas) : reasoning(id, deltas);
  }

  function call(id: string): ModelEvent {
    const [name, parameters] = random.pick([
      ['exec_command', { cmd: `script-${id}`, yield_time_ms: random.int(250, 2_000) }],
      ['exec_command', { cmd: `script-${id}` }],
      ['update_plan', { plan: [{ step: id, status: 'pending' }] }],
      ['request_user_input', { questions: [{ id: 'q', header: 'h', question: id }] }],
      ['no_such_tool', {}],
    ] as const);
    const item = {
      type: 'function_call' as const,
      call_id: `call_${id}`,
      name,
      arguments: JSON.stringify(parameters),
    };
    return { type: 'itemCompleted', item };
  }

  const { models } = scriptedModel();
  return { provider: 'scripted', streamMaxRetries: 2, models, stream };
}

const USAGE = {
  totalTokens: 2,
  inputTokens: 1,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 1,
  reasoningOutputTokens: 0,
};

function message(id: string, deltas: readonly string[]): ModelEvent[] {
  const item = { type: 'message' as const, role: 'assistant' as const, id };
  return [
    { type: 'itemStarted', item: { ...item, content: [] } },
    ...deltas.map((delta) => ({ type: 'textDelta' as const, itemId: id, delta })),
    { type: 'itemCompleted', item: { ...item, content: [{ type: 'output_text', text: deltas.join('') }] } },
  ];
}

function reasoning(id: string, deltas: readonly string[]): ModelEvent[] {
  const item = { type: 'reasoning' as const, id };
  return [
    { type: 'itemStarted', item: { ...item, summary: [] } },
    { type: 'reasoningSummaryPartAdded', itemId: id, summaryIndex: 0 },
    ...deltas.map((delta) => ({
      type: 'reasoningSummaryTextDelta' as const,
      itemId: id,
      summaryIndex: 0,
      delta,
    })),
    { type: 'itemCompleted', item: { ...item, summary: [{ type: 'summary_text', text: deltas.join('') }] } },
  ];
}

/** A program that prints a little, takes its time, and ends well or not. */
export function seededProgram({ random, clock }: Surroundings): Program {
  return async function* run(_request, killed) {
    for (let chunks = random.int(0, 5); chunks > 0; chunks -= 1) {
      if (random.chance(0.5)) await sleep(clock, random.int(1, 2_000), killed).catch(() => {});
      yield new TextEncoder().encode(`line ${chunks}\n`);
    }
    return random.int(0, 1);
  };
}

/** A store in memory whose syncs take their time, and fail now and then. */
export function seededStore({ random, clock }: Surroundings): ThreadStore {
  const store = memoryStore();
  const sync = async (): Promise<void> => {
    if (random.chance(0.3)) await sleep(clock, random.int(1, 500));
    if (random.chance(0.01)) throw new StoreError('io', 'made up');
  };
  return {
    ...store,
    create: async (meta) => {
      const log = await store.create(meta);
      return {
        append: (records) => log.append(records),
        close: () => log.close(),
        sync: () => sync().then(() => log.sync()),
      };
    },
  };
}
