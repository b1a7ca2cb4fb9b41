import { setImmediate as macrotask } from 'node:timers/promises';
import { type ModelClient, ModelError, type ModelEvent } from '@millrace/core/ports';
import type { QueuedSubmission, Turn } from '@millrace/protocol';
import { runSeeds, SeededRandom } from '@millrace/testkit';
import { expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

const SEEDS = 20;
const STEPS = 60;
/** Looks at a thread before a test gives up on its coming to rest. */
const PATIENCE = 2_000;

/** A model that takes its time, fails now and then, and goes on until it is interrupted now and then. */
function restlessModel(current: () => SeededRandom): ModelClient {
  let made = 0;
  async function* stream(_request: unknown, signal: AbortSignal): AsyncGenerator<readonly ModelEvent[]> {
    made += 1;
    const random = current();
    const rounds = random.chance(0.1) ? Number.POSITIVE_INFINITY : random.int(0, 6);
    for (let round = 0; round < rounds; round += 1) {
      await macrotask();
      signal.throwIfAborted();
    }
    if (random.chance(0.15)) throw new ModelError('made up', { info: 'other', retryable: false });
    const content = [{ type: 'output_text' as const, text: 'done' }];
    const item = { type: 'message' as const, role: 'assistant' as const, id: `m${made}`, content };
    yield [
      { type: 'itemStarted', item },
      { type: 'itemCompleted', item },
      { type: 'completed', responseId: `r${made}`, usage: null },
    ];
  }
  return { provider: 'restless', streamMaxRetries: 0, models: [], stream };
}

/** Clients that queue, take back, reorder, start and interrupt without waiting for one another, on one thread. */
class QueueRun {
  readonly #peer: TestPeer;
  readonly #threadId: string;
  readonly #random: SeededRandom;
  readonly #added = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #open = new Set<Promise<void>>();
  #asked = 0;

  constructor(peer: TestPeer, threadId: string, random: SeededRandom) {
    this.#peer = peer;
    this.#threadId = threadId;
    this.#random = random;
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      const done = this.#step().finally(() => this.#open.delete(done));
      this.#open.add(done);
      if (this.#random.chance(0.4)) await done;
      else if (this.#random.chance(0.5)) await macrotask();
      this.#peer.drain();
    }
    await Promise.all(this.#open);
    await this.#comeToRest();
    await this.#check();
  }

  async #step(): Promise<void> {
    const choice = this.#random.next();
    if (choice < 0.4) await this.#add();
    else if (choice < 0.55) await this.#delete();
    else if (choice < 0.65) await this.#reorder();
    else if (choice < 0.75)
      await this.#ask('turn/start', { input: [{ type: 'text', text: 'a word of the user' }] });
    else if (choice < 0.85) await this.#ask('thread/queue/start', { queuedSubmissionId: this.#anyId() });
    else if (choice < 0.95) await this.#ask('turn/interrupt', { turnId: '' });
    else await macrotask();
  }

  async #add(): Promise<void> {
    this.#asked += 1;
    const clientUserMessageId = `queued ${this.#asked}`;
    const input = [{ type: 'text', text: clientUserMessageId }];
    const result = await this.#ask('thread/queue/add', { input, clientUserMessageId });
    const { queuedSubmission } = result as { queuedSubmission: QueuedSubmission };
    this.#added.set(queuedSubmission.id, clientUserMessageId);
  }

  async #delete(): Promise<void> {
    const queuedSubmissionId = this.#anyId();
    if (queuedSubmissionId === null) return;
    const result = await this.#ask('thread/queue/delete', { queuedSubmissionId });
    if ((result as { deleted: boolean }).deleted) this.#deleted.add(queuedSubmissionId);
  }

  async #reorder(): Promise<void> {
    const ids = (await this.#queue()).map(({ id }) => id);
    await this.#ask('thread/queue/reorder', { queuedSubmissionIds: ids.reverse() });
  }

  /** Lets everything that waits have its turn. */
  async #comeToRest(): Promise<void> {
    for (let looks = 0; looks < PATIENCE; looks += 1) {
      this.#peer.drain();
      const { thread } = (await this.#ask('thread/read', {})) as { thread: { status: { type: string } } };
      const isIdle = thread.status.type !== 'active';
      if (isIdle && (await this.#queue()).length === 0) return;
      if (isIdle) await this.#ask('thread/queue/start', {});
      else if (looks % 50 === 49) await this.#ask('turn/interrupt', { turnId: '' });
      await macrotask();
    }
    throw new Error('the thread does not come to rest');
  }

  async #check(): Promise<void> {
    const wanted = [...this.#added].filter(([id]) => !this.#deleted.has(id)).map(([, name]) => name);
    const params = { limit: 200, itemsView: 'full' };
    const { data } = (await this.#ask('thread/turns/list', params)) as { data: readonly Turn[] };
    const begun = data.flatMap(({ items }) =>
      items.flatMap((item) => (item.type === 'userMessage' && item.clientId !== null ? [item.clientId] : [])),
    );
    expect(begun.sort()).toEqual(wanted.sort());
  }

  async #queue(): Promise<readonly QueuedSubmission[]> {
    return ((await this.#ask('thread/queue/list', { limit: 200 })) as { data: QueuedSubmission[] }).data;
  }

  /** Answers that something is not there, or not now, are answers too. */
  async #ask(method: string, params: object): Promise<unknown> {
    const reply = await this.#peer.ask(method, { threadId: this.#threadId, ...params });
    if ('result' in reply) return reply.result;
    expect(reply.error.code).toBe(-32600);
    return {};
  }

  #anyId(): string | null {
    const ids = [...this.#added.keys()];
    return ids.length === 0 ? null : this.#random.pick(ids);
  }
}

it(`what is queued and not taken back starts exactly one turn, whatever else is asked (${SEEDS} seeds; EV-2)`, async () => {
  let current = new SeededRandom(0);
  const { server } = await startTestRuntime({ model: restlessModel(() => current) });
  const peer = await TestPeer.connect(server, { capabilities: { experimentalApi: true } });
  await runSeeds('queue dispatch', { count: SEEDS }, async (random) => {
    current = random;
    const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
    await new QueueRun(peer, threadId, random).run();
    await peer.request('thread/delete', { threadId });
  });
});
