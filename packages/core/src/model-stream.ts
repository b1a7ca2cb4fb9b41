import { yieldToMacrotask } from '@millrace/channel';
import {
  type AgentMessageItem,
  MessagePhase,
  newAgentMessage,
  newReasoning,
  type ThreadItem,
} from '@millrace/protocol';
import { Interruptible } from './interruptible.js';
import type { PatchPreviews } from './patch-previews.js';
import type { ModelClient, ModelEvent, ModelRequest } from './ports.js';
import type {
  CustomToolCallItem,
  FunctionCallItem,
  MessageItem,
  ReasoningItem,
  ResponseItem,
} from './response-item.js';
import type { Speech } from './speech.js';
import type { TurnOutput } from './turn-output.js';
import { webSearchItem } from './web-search.js';

type CompletedEvent = Extract<ModelEvent, { type: 'completed' }>;

export interface ResponseReader {
  /** Shows everything else; undefined where nobody is to see it. */
  readonly output: TurnOutput | undefined;
  /** Shows what the model says. */
  readonly speech: Speech;
  /** Shows patches while they are written; undefined where nobody wants that. */
  readonly patches: PatchPreviews | undefined;
  /** A whole item of the response, for the history. */
  onItem(item: ResponseItem): void;
  /** A tool call; the stream is read on while it runs. */
  onCall(call: FunctionCallItem | CustomToolCallItem): void;
}

/**
 * Reads one model response to its end and shows it as items and deltas.
 *
 * The stream is read only as fast as the consumer of the turn takes the events. Rejects with what the model client threw, or the
 * signal's reason.
 */
export async function readResponse(
  client: ModelClient,
  request: ModelRequest,
  signal: AbortSignal,
  reader: ResponseReader,
): Promise<CompletedEvent> {
  const interruptible = new Interruptible(signal);
  const iterator = client.stream(request, signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await interruptible.wait(iterator.next());
      if (next.done === true) throw new Error('the model client ended its stream without an outcome');
      for (const event of next.value) {
        if (event.type === 'completed') return event;
        const room = show(event, reader);
        if (room !== undefined) await room;
        if (signal.aborted) throw signal.reason;
      }
      await yieldToMacrotask();
    }
  } finally {
    interruptible.release();
    // Not awaited: a hung client must not hold up the turn.
    iterator.return?.().catch(() => {});
  }
}

function show(event: Exclude<ModelEvent, CompletedEvent>, reader: ResponseReader): Promise<void> | undefined {
  const { output, speech } = reader;
  switch (event.type) {
    case 'textDelta':
      return speech.delta(event.itemId, event.delta);
    case 'itemStarted':
      return showStarted(event.item, reader);
    case 'itemCompleted':
      return showCompleted(event.item, reader);
    case 'reasoningSummaryPartAdded':
      return output?.reasoningSummaryPart(event.itemId, event.summaryIndex);
    case 'reasoningSummaryTextDelta':
      return output?.reasoningSummaryDelta(event.itemId, event.summaryIndex, event.delta);
    case 'reasoningTextDelta':
      return output?.reasoningDelta(event.itemId, event.contentIndex, event.delta);
    case 'toolInputDelta':
      return reader.patches?.write(event.itemId, event.delta);
  }
}

function showStarted(
  item: ResponseItem,
  { output, speech, patches }: ResponseReader,
): Promise<void> | undefined {
  patches?.begin(item);
  const shown = toThreadItem(item, output?.now() ?? 0);
  if (shown?.type === 'agentMessage') return speech.started(shown);
  return shown === undefined ? undefined : output?.started(shown);
}

function showCompleted(item: ResponseItem, reader: ResponseReader): Promise<void> | undefined {
  reader.onItem(item);
  if (item.type === 'function_call' || item.type === 'custom_tool_call') {
    const room = reader.patches?.end(item.id ?? '');
    if (room !== undefined) return room.then(() => reader.onCall(item));
    reader.onCall(item);
    return undefined;
  }
  const { output, speech } = reader;
  const shown = toThreadItem(item, output?.now() ?? 0);
  if (shown === undefined) return undefined;
  if (shown.type === 'agentMessage') return speech.completed(shown);
  // An item that the provider sent only as a whole still starts before it completes.
  return output?.items.isOpen(shown.id) ? output.completed(shown) : output?.shown(shown);
}

function toThreadItem(item: ResponseItem, now: number): ThreadItem | undefined {
  if (item.type === 'message' && item.role === 'assistant') return agentMessage(item, now);
  if (item.type === 'reasoning') return reasoning(item, now);
  if (item.type === 'web_search_call') return webSearchItem(item, now);
  return undefined;
}

function agentMessage({ id, content, phase }: MessageItem, startedAtMs: number): AgentMessageItem {
  const text = content.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])).join('');
  const known = MessagePhase.safeParse(phase).data ?? null;
  return newAgentMessage({ id: id ?? '', startedAtMs, text, phase: known });
}

function reasoning({ id, summary, content }: ReasoningItem, startedAtMs: number): ThreadItem {
  const texts = (content ?? []).map((part) => part.text);
  return newReasoning({
    id: id ?? '',
    startedAtMs,
    summary: summary.map((part) => part.text),
    content: texts,
  });
}
