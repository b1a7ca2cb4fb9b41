import type { Deadline } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { Settings } from './settings.js';
import { Thread } from './thread.js';
import type { ToolFeatures } from './turn-context.js';

export interface NewThread {
  readonly settings: Settings;
  readonly features: ToolFeatures;
  readonly isEphemeral: boolean;
  /** Name of the client program that starts it. */
  readonly originator: string;
  /** Which surface the thread belongs to. */
  readonly source: string;
}

/** The threads that are loaded, by id. At most {@link LIMITS.loadedThreads}. */
export class ThreadRegistry {
  readonly #ports: AgentPorts;
  readonly #onFault: (error: unknown) => void;
  readonly #threads = new Map<string, Thread>();
  #isClosed = false;

  constructor(ports: AgentPorts, onFault: (error: unknown) => void) {
    this.#ports = ports;
    this.#onFault = onFault;
  }

  /** Begins a thread. Nothing is written before its first turn. `'full'` and `'closed'` mean that nothing was done. */
  start({ settings, features, isEphemeral, originator, source }: NewThread): Thread | 'full' | 'closed' {
    if (this.#isClosed) return 'closed';
    if (this.#threads.size >= LIMITS.loadedThreads) return 'full';
    const { ids, clock, host } = this.#ports;
    const meta = {
      id: ids.uuid(),
      createdAt: Math.floor(clock.now() / 1_000),
      cwd: settings.cwd,
      source,
      originator,
      cliVersion: host.version,
      model: settings.model,
      modelProvider: settings.modelProvider,
      forkedFromId: null,
    };
    const thread = new Thread({
      ports: this.#ports,
      meta,
      settings,
      features,
      isEphemeral,
      onFault: this.#onFault,
    });
    this.#threads.set(meta.id, thread);
    return thread;
  }

  find(threadId: string): Thread | undefined {
    return this.#threads.get(threadId);
  }

  /** Ids of the loaded threads, oldest first: they are UUIDv7. */
  loadedIds(): string[] {
    return [...this.#threads.keys()];
  }

  /** Starts no more threads and interrupts what runs in the others. Idempotent. */
  async shutdown(deadline: Deadline): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads.values()].map((thread) => thread.shutdown(deadline)));
  }
}
