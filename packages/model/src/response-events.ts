import { ModelError, type ModelEvent, type ResponseItem } from '@millrace/core/ports';
import { countIn, type JsonRecord, parseRecord, recordIn, textIn } from './json-record.js';
import { failedResponse, incompleteResponse } from './response-error.js';
import { emptied, readResponseItem } from './response-item-reader.js';
import type { SecretFilter } from './secret-filter.js';

/** Items of one response that may be open at once. A server that opens more is not understood. */
const OPEN_ITEMS_MAX = 1_024;

/**
 * Turns the server's events of one response into the events of the port.
 *
 * Whatever the server leaves out is made up for: an item without an id gets one, an item that only ends or only has deltas is
 * started first. What is not JSON, unknown, or of no use is skipped.
 *
 * Memory: the ids of the items that are open, at most 1,024.
 */
export class ResponseEventReader {
  readonly #redact: SecretFilter;
  readonly #openItems = new Set<string>();
  #responseId = 'response';
  #latestItemId: string | undefined;

  constructor(redact: SecretFilter) {
    this.#redact = redact;
  }

  /**
   * Reads the data of one server-sent event.
   *
   * @returns No, one or several events in order, the last of them `completed` when the response is; or the failure that ends
   * the response.
   */
  read(data: string): readonly ModelEvent[] | ModelError {
    const event = parseRecord(data);
    switch (textIn(event, 'type')) {
      case 'response.created':
        this.#responseId = textIn(recordIn(event, 'response'), 'id') ?? this.#responseId;
        return [];
      case 'response.output_item.added':
        return this.#itemAdded(event);
      case 'response.output_item.done':
        return this.#itemDone(event);
      case 'response.completed':
        return [this.#completed(recordIn(event, 'response'))];
      case 'response.failed':
        return failedResponse(recordIn(recordIn(event, 'response'), 'error'), this.#redact);
      case 'error':
        return failedResponse(recordIn(event, 'error') ?? event, this.#redact);
      case 'response.incomplete': {
        const details = recordIn(recordIn(event, 'response'), 'incomplete_details');
        return incompleteResponse(this.#redact(textIn(details, 'reason') ?? 'unknown'));
      }
      default:
        return event === undefined ? [] : this.#delta(event);
    }
  }

  #itemAdded(event: JsonRecord | undefined): readonly ModelEvent[] | ModelError {
    const item = this.#itemIn(event);
    if (item === undefined) return [];
    return this.#started(item) ?? [];
  }

  #itemDone(event: JsonRecord | undefined): readonly ModelEvent[] | ModelError {
    const item = this.#itemIn(event);
    if (item === undefined) return [];
    const start = this.#started(item) ?? [];
    if (start instanceof ModelError) return start;
    this.#openItems.delete(item.id);
    if (this.#latestItemId === item.id) this.#latestItemId = undefined;
    return [...start, { type: 'itemCompleted', item }];
  }

  /** The start of an item; undefined when it is open already. */
  #started(item: ResponseItem & { readonly id: string }): readonly ModelEvent[] | ModelError | undefined {
    if (this.#openItems.has(item.id)) return undefined;
    if (this.#openItems.size === OPEN_ITEMS_MAX) return incompleteResponse('too many open items');
    this.#openItems.add(item.id);
    this.#latestItemId = item.id;
    return [{ type: 'itemStarted', item: emptied(item) }];
  }

  #delta(event: JsonRecord): readonly ModelEvent[] | ModelError {
    const itemId = this.#itemIdOf(event, textIn(event, 'item_id') ?? this.#latestItemId);
    const kind = textIn(event, 'type');
    const isText = kind === 'response.output_text.delta' || kind === 'response.refusal.delta';
    const start = isText
      ? this.#started({ type: 'message', role: 'assistant', id: itemId, content: [] })
      : [];
    if (start instanceof ModelError) return start;
    if (!this.#openItems.has(itemId)) return [];
    const delta = deltaEvent(event, itemId);
    return delta === undefined ? (start ?? []) : [...(start ?? []), delta];
  }

  #itemIn(event: JsonRecord | undefined): (ResponseItem & { readonly id: string }) | undefined {
    const item = recordIn(event, 'item');
    if (event === undefined || item === undefined) return undefined;
    const id = this.#itemIdOf(event, textIn(item, 'id'));
    return { ...readResponseItem(item, id), id };
  }

  #itemIdOf(event: JsonRecord, own: string | undefined): string {
    return own === undefined || own === ''
      ? `item_${this.#responseId}_${countIn(event, 'output_index')}`
      : own;
  }

  #completed(response: JsonRecord | undefined): ModelEvent {
    const usage = recordIn(response, 'usage');
    const responseId = textIn(response, 'id') ?? this.#responseId;
    if (usage === undefined) return { type: 'completed', responseId, usage: null };
    const inputDetails = recordIn(usage, 'input_tokens_details');
    return {
      type: 'completed',
      responseId,
      usage: {
        totalTokens: countIn(usage, 'total_tokens'),
        inputTokens: countIn(usage, 'input_tokens'),
        cachedInputTokens: countIn(inputDetails, 'cached_tokens'),
        cacheWriteInputTokens: countIn(inputDetails, 'cache_write_tokens'),
        outputTokens: countIn(usage, 'output_tokens'),
        reasoningOutputTokens: countIn(recordIn(usage, 'output_tokens_details'), 'reasoning_tokens'),
      },
    };
  }
}

function deltaEvent(event: JsonRecord, itemId: string): ModelEvent | undefined {
  const summaryIndex = countIn(event, 'summary_index');
  if (event.type === 'response.reasoning_summary_part.added') {
    return { type: 'reasoningSummaryPartAdded', itemId, summaryIndex };
  }
  const delta = textIn(event, 'delta');
  if (delta === undefined) return undefined;
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { type: 'textDelta', itemId, delta };
    case 'response.custom_tool_call_input.delta':
    case 'response.function_call_arguments.delta':
      return { type: 'toolInputDelta', itemId, delta };
    case 'response.reasoning_summary_text.delta':
      return { type: 'reasoningSummaryTextDelta', itemId, summaryIndex, delta };
    case 'response.reasoning_text.delta':
      return { type: 'reasoningTextDelta', itemId, contentIndex: countIn(event, 'content_index'), delta };
    default:
      return undefined;
  }
}
