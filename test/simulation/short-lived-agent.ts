import { type Clock, sleep } from '@millrace/channel';
import type { ModelClient, ModelEvent, ModelRequest } from '@millrace/core/ports';
import { scriptedModel } from '@millrace/model';
import type { SeededRandom } from '@millrace/testkit';
import type { Program } from '../runtime/scripted-processes.js';

const A_DAY_MS = 86_400_000;

/** A model that says a little at its own pace and now and then starts a command; it notes when it is asked twice for one thread. */
export function shortLivedModel(
  random: SeededRandom,
  clock: Clock,
  onSecondStream: (threadId: string) => void,
): ModelClient {
  const streaming = new Set<string>();
  let made = 0;

  async function* stream(
    { threadId, input }: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ModelEvent[], void, void> {
    if (streaming.has(threadId)) onSecondStream(threadId);
    streaming.add(threadId);
    try {
      for (let parts = random.int(0, 3); parts > 0; parts -= 1) {
        if (random.chance(0.5)) await sleep(clock, random.int(1, 2_000), signal);
        made += 1;
        yield [message(`m${made}`)];
      }
      const mayCall = input.at(-1)?.type !== 'function_call_output';
      if (mayCall && random.chance(0.15)) yield [call(`c${made}`)];
      yield [{ type: 'completed', responseId: `r${made}`, usage: null }];
    } finally {
      streaming.delete(threadId);
    }
  }

  return { provider: 'scripted', streamMaxRetries: 0, models: scriptedModel().models, stream };
}

/** A program that ends at once, or runs for a day unless it is killed. */
export function shortLivedProgram(random: SeededRandom, clock: Clock): Program {
  return async function* run(_request, killed) {
    if (random.chance(0.5)) await sleep(clock, A_DAY_MS, killed).catch(() => {});
    yield new TextEncoder().encode('done\n');
    return 0;
  };
}

function message(id: string): ModelEvent {
  const content = [{ type: 'output_text' as const, text: id }];
  return { type: 'itemCompleted', item: { type: 'message', role: 'assistant', id, content } };
}

function call(id: string): ModelEvent {
  const parameters = JSON.stringify({ cmd: `script-${id}`, yield_time_ms: 250 });
  const item = {
    type: 'function_call' as const,
    call_id: `call_${id}`,
    name: 'exec_command',
    arguments: parameters,
  };
  return { type: 'itemCompleted', item };
}
