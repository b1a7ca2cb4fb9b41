import type { AgentPorts } from './agent-ports.js';
import type { Settings } from './settings.js';

/** Warns a thread's clients, once, that nothing is known about its model. */
export class ModelWarning {
  #isGiven = false;

  give(threadId: string, { model, modelProvider }: Settings, { modelClient, events }: AgentPorts): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    const client = modelClient(modelProvider);
    if (client === undefined || client.models.some((known) => known.id === model)) return;
    const message = `Model metadata for \`${model}\` not found. Defaulting to fallback metadata; this can degrade performance and cause issues.`;
    events.emit(threadId, 'warning', { threadId, message });
  }
}
