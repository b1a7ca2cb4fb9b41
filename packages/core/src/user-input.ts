import type { UserInput } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import { readImageFile } from './image-file.js';
import type { MessageContent } from './response-item.js';

/** What a user sends in one go, and the id under which the client knows it. */
export interface TurnInput {
  readonly content: readonly UserInput[];
  readonly clientId: string | null;
  /** JSON Schema of the final message of the turn, where the client asks for one; nullish otherwise. */
  readonly outputSchema?: unknown;
}

/**
 * The input in the model's terms. A local image that cannot be read becomes a note about that. Skills are given apart; only an input
 * that is nothing else names them.
 */
export async function toModelContent(
  content: readonly UserInput[],
  ports: AgentPorts,
): Promise<MessageContent[]> {
  const said = content.filter(({ type }) => type !== 'skill');
  return Promise.all((said.length > 0 ? said : content).map((part) => toModelPart(part, ports)));
}

async function toModelPart(part: UserInput, ports: AgentPorts): Promise<MessageContent> {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', image_url: part.url };
    case 'localImage':
      return showImage(part.path, ports);
    case 'audio':
    case 'localAudio':
      return { type: 'input_text', text: '(audio input is not supported)' };
    case 'skill':
      return { type: 'input_text', text: `$${part.name}` };
    case 'mention':
      return { type: 'input_text', text: `${part.name}: ${part.path}` };
  }
}

async function showImage(path: string, ports: AgentPorts): Promise<MessageContent> {
  const image = await readImageFile(path, ports);
  return typeof image === 'string' ? { type: 'input_text', text: `(${image})` } : image;
}
