import type { ModelClient, ModelEvent, ModelRequest, ResponseItem } from '@millrace/core/ports';

/** Text of each delta: about a word, as models send it. */
export const DELTA = 'millrace ';
/** Deltas in one batch, as they arrive together from a fast model. */
export const BATCH = 64;

/** Answers every turn with one message of `deltas` deltas (a multiple of {@link BATCH}). What it yields is made once, so it costs nothing. */
export function deltaModel(deltas: number): ModelClient {
  return benchModel(async function* (request) {
    const id = `msg_${request.turnId}`;
    const batch = Array.from(
      { length: BATCH },
      (): ModelEvent => ({ type: 'textDelta', itemId: id, delta: DELTA }),
    );
    yield [{ type: 'itemStarted', item: message(id, '') }];
    for (let sent = 0; sent < deltas; sent += BATCH) yield batch;
    yield [{ type: 'itemCompleted', item: message(id, DELTA.repeat(deltas)) }, completion(request)];
  });
}

/** Runs one command, then says so. */
export function commandModel(): ModelClient {
  return benchModel(async function* (request) {
    const id = `msg_${request.turnId}`;
    const isAnswered = request.input.at(-1)?.type === 'function_call_output';
    const item = isAnswered ? message(id, 'done') : command(`call_${request.turnId}`);
    yield [{ type: 'itemStarted', item }, { type: 'itemCompleted', item }, completion(request)];
  });
}

function benchModel(
  stream: (request: ModelRequest) => AsyncGenerator<readonly ModelEvent[], void, void>,
): ModelClient {
  return { provider: 'bench', streamMaxRetries: 0, models: [], stream };
}

function message(id: string, text: string): ResponseItem {
  return { type: 'message', role: 'assistant', id, content: [{ type: 'output_text', text }] };
}

function command(callId: string): ResponseItem {
  const args = { cmd: 'flood', login: false, yield_time_ms: 30_000 };
  return { type: 'function_call', call_id: callId, name: 'exec_command', arguments: JSON.stringify(args) };
}

function completion(request: ModelRequest): ModelEvent {
  return { type: 'completed', responseId: `resp_${request.turnId}_${request.input.length}`, usage: null };
}
