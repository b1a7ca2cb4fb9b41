import {
  createDeferred,
  type Deferred,
  Lagged,
  type Permit,
  Resynced,
  yieldToMacrotask,
} from '@millrace/channel';
import {
  LAGGED_METHOD,
  LIMITS,
  RESYNCED_METHOD,
  type RequestId,
  type RpcErrorObject,
  readMessage,
  requestIdOfHead,
} from '@millrace/protocol';
import type { Incoming, MessageTransport } from '@millrace/transport';
import type { ByteBudget } from './byte-budget.js';
import type { Connection, Inbound, Replies, Session } from './connection.js';
import { encodeError, encodeLegacy, encodeNotification, encodeRequest, encodeResult } from './encode.js';
import type { ToldEvent } from './legacy-bridge.js';
import { invalidRequest } from './rpc-error.js';
import type { ServerEvent } from './server-event.js';
import { healingNotifications, type ThreadResync } from './thread-resync.js';
import type { View, ViewEntry } from './view.js';

/** Entries that go to the transport in one write. */
const WRITE_BATCH = 256;

/**
 * The replies of a connection over bytes. They stand in its view, in one order with the events, each in a slot that was taken when
 * its request was accepted.
 */
export class WireReplies implements Replies {
  readonly #view: View;
  /** Slots of requests that were accepted and not answered; which of them a reply uses does not matter. */
  readonly #slots: Permit<ServerEvent>[] = [];
  #unsentBytes = 0;
  #drained: Deferred<void> | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** Takes the slot for one reply; waits while there is none, or too much is unsent. False when the connection is over. */
  async admit(signal: AbortSignal): Promise<boolean> {
    while (this.#unsentBytes > LIMITS.unsentResponseBytes) {
      this.#drained ??= createDeferred<void>();
      await this.#drained.promise;
    }
    for (let slot = this.#view.tryReserve(); slot !== 'closed'; slot = this.#view.tryReserve()) {
      if (slot !== 'full') {
        this.#slots.push(slot);
        return true;
      }
      await this.#view.whenSlots(1, signal);
    }
    return false;
  }

  result(id: RequestId, result: unknown): void {
    this.#put(encodeResult(id, result));
  }

  error(id: RequestId, error: RpcErrorObject): void {
    this.#put(encodeError(id, error));
  }

  /** Tells that replies of that length have left. */
  sent(characters: number): void {
    this.#unsentBytes -= characters;
    if (this.#unsentBytes > LIMITS.unsentResponseBytes) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  /** Lets go of the slots that no reply will use. */
  release(): void {
    for (const slot of this.#slots.splice(0)) slot.release();
    this.sent(this.#unsentBytes);
  }

  #put(text: string): void {
    const slot = this.#slots.pop();
    if (slot?.send({ type: 'reply', text, threadId: undefined }) === 'sent') this.#unsentBytes += text.length;
  }
}

export interface WireOptions {
  readonly connection: Connection;
  readonly replies: WireReplies;
  readonly transport: MessageTransport;
  /** Takes one message; never waits. */
  readonly process: (message: Inbound) => void;
  /** Told of input that is no message. It gets no reply, for there is no id to reply to (observed 0.169, §1). */
  readonly onMalformed: (reason: string) => void;
}

/** Reads the peer until it is gone. Never rejects. Others get their turn every {@link LIMITS.requestBatch} messages. */
export async function readPeer(options: WireOptions, signal: AbortSignal): Promise<void> {
  const { transport, onMalformed } = options;
  let sinceYield = 0;
  try {
    for await (const batch of transport.incoming) {
      for (const incoming of batch) {
        if (!(await take(incoming, options, signal))) return;
        sinceYield += 1;
        if (sinceYield % LIMITS.requestBatch === 0) await yieldToMacrotask();
      }
      if (signal.aborted) return;
    }
  } catch (error) {
    if (!signal.aborted) onMalformed(error instanceof Error ? error.message : String(error));
  }
}

/** Processes what came. False when the connection is over. */
async function take(incoming: Incoming, options: WireOptions, signal: AbortSignal): Promise<boolean> {
  const { replies, process, onMalformed } = options;
  if (incoming.type === 'tooLong') {
    onMalformed(`a message is longer than ${incoming.limitBytes} bytes`);
    const id = requestIdOfHead(incoming.head);
    if (id === undefined) return true;
    if (!(await replies.admit(signal))) return false;
    const message = `Invalid request: longer than ${incoming.limitBytes} bytes`;
    replies.error(id, invalidRequest(message).toObject());
    return true;
  }
  const message = parse(incoming);
  if (message === undefined) onMalformed(MALFORMED[incoming.type]);
  else if (message.type === 'request' && !(await replies.admit(signal))) return false;
  else process(message);
  return true;
}

const MALFORMED = { message: 'a line is not a message', binary: 'a binary frame is not a message' } as const;

function parse(incoming: Exclude<Incoming, { readonly type: 'tooLong' }>): Inbound | undefined {
  const read = incoming.type === 'message' ? readMessage(parseJson(incoming.text)) : undefined;
  switch (read?.type) {
    case undefined:
      return undefined;
    case 'request':
    case 'notification':
      return { type: read.type, ...read.message, params: read.message.params } as Inbound;
    case 'result':
    case 'error':
      return { type: read.type, ...read.message } as Inbound;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How the writing to a peer ended. */
export type WriteEnd = 'drained' | 'gone' | 'slowConsumer';

/**
 * Writes the view to the peer until the view is over, the peer is gone, or too much has waited for it for too long. Never rejects.
 */
export async function writePeer(
  { connection, replies, transport }: WireOptions,
  budget: ByteBudget,
): Promise<WriteEnd> {
  const { view } = connection;
  view.open();
  try {
    for (;;) {
      const batch = await view.receiveBatch(WRITE_BATCH);
      if (batch.length === 0) return 'drained';
      const texts = batch.flatMap((entry) => encodeEntry(entry, connection));
      if (texts.length > 0 && (await budget.guard(transport.write(texts))) === 'exceeded') {
        view.dispose(); // What is left would only grow.
        return 'slowConsumer';
      }
      replies.sent(batch.reduce((sum, entry) => sum + replyLength(entry), 0));
    }
  } catch {
    view.dispose(); // The peer is gone: nobody will read what is left.
    return 'gone';
  } finally {
    replies.release();
  }
}

function replyLength(entry: ViewEntry): number {
  return 'type' in entry && entry.type === 'reply' ? entry.text.length : 0;
}

function encodeEntry(entry: ViewEntry, { session }: Connection): string[] {
  const wantsMarkers = session?.lagMarkers === true;
  if (entry instanceof Lagged) return wantsMarkers ? [encodeLagged(entry)] : [];
  if (entry instanceof Resynced)
    return wantsMarkers ? [encodeResynced(entry.snapshot)] : encodeHealing(entry.snapshot, session);
  if (session?.legacy === undefined)
    return entry.type === 'farewell' ? [] : [encodeEvent(entry, wantsMarkers)];
  return session.legacy.expand(entry).map((event) => encodeEvent(event, wantsMarkers));
}

function encodeEvent(event: ToldEvent, wantsMarkers: boolean): string {
  switch (event.type) {
    case 'reply':
      return event.text;
    case 'request':
      return encodeRequest(event);
    case 'notification':
      return encodeNotification(event, wantsMarkers);
    case 'legacy':
      return encodeLegacy(event);
  }
}

function encodeLagged({ skipped, byKind, groups }: Lagged): string {
  const params = { skipped, byMethod: Object.fromEntries(byKind), threadIds: groups };
  return JSON.stringify({ method: LAGGED_METHOD, params });
}

function encodeResynced({ marker }: ThreadResync): string {
  return JSON.stringify({ method: RESYNCED_METHOD, params: marker });
}

function encodeHealing(resync: ThreadResync, session: Session | undefined): string[] {
  return healingNotifications(resync).flatMap((notification) => {
    const old = session?.legacy?.oldForms(resync.marker.threadId, notification) ?? [];
    const isWanted = session?.optOut.has(notification.method) !== true;
    return [...old.map(encodeLegacy), ...(isWanted ? [JSON.stringify(notification)] : [])];
  });
}
