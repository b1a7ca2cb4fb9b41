import { LIMITS } from '@millrace/protocol';
import { PatchPreview } from './patch-preview.js';
import type { Clock } from './ports.js';
import type { CustomToolCallItem, ResponseItem } from './response-item.js';
import type { TurnOutput } from './turn-output.js';

interface OpenPatch {
  readonly callId: string;
  readonly preview: PatchPreview;
  /** Monotonic milliseconds; undefined before the first time. */
  shownAt: number | undefined;
}

export interface PatchPreviewsOptions {
  readonly output: TurnOutput;
  readonly clock: Clock;
  readonly threadId: string;
  readonly turnId: string;
}

/**
 * Shows the patches of one model response while the model writes them: the first whole line at once, then what is new every
 * `LIMITS.patchPreviewMs`, and the rest before the call is carried out.
 *
 * Each method returns what those of {@link TurnOutput} return.
 */
export class PatchPreviews {
  readonly #options: PatchPreviewsOptions;
  readonly #open = new Map<string, OpenPatch>();

  constructor(options: PatchPreviewsOptions) {
    this.#options = options;
  }

  /** The model begins an item; of interest where it is a patch. */
  begin(item: ResponseItem): void {
    if (!isPatch(item) || this.#open.size >= LIMITS.toolCallsPerResponse) return;
    this.#open.set(item.id ?? '', {
      callId: item.call_id,
      preview: new PatchPreview(),
      shownAt: undefined,
    });
  }

  write(itemId: string, delta: string): Promise<void> | undefined {
    const patch = this.#open.get(itemId);
    if (patch === undefined) return undefined;
    patch.preview.append(delta);
    const now = this.#options.clock.monotonic();
    if (patch.shownAt !== undefined && now - patch.shownAt < LIMITS.patchPreviewMs) return undefined;
    return this.#show(patch, now);
  }

  end(itemId: string): Promise<void> | undefined {
    const patch = this.#open.get(itemId);
    this.#open.delete(itemId);
    return patch && this.#show(patch, 0);
  }

  #show(patch: OpenPatch, now: number): Promise<void> | undefined {
    const changes = patch.preview.changes();
    if (changes === undefined) return undefined;
    patch.shownAt = now;
    const { output, threadId, turnId } = this.#options;
    const itemId = patch.callId;
    return output.emit('item/fileChange/patchUpdated', { threadId, turnId, itemId, changes });
  }
}

function isPatch(item: ResponseItem): item is CustomToolCallItem {
  return item.type === 'custom_tool_call' && item.name === 'apply_patch';
}
