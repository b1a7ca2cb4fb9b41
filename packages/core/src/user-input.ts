import type { UserInput } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { MessageContent } from './response-item.js';

/** What a user sends in one go, and the id under which the client knows it. */
export interface TurnInput {
  readonly content: readonly UserInput[];
  readonly clientId: string | null;
}

/** The text of the input, as a preview of the thread; empty when it has none. */
export function textOf(content: readonly UserInput[]): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** The input in the model's terms. A local image that cannot be read becomes a note about that. */
export async function toModelContent(
  content: readonly UserInput[],
  ports: AgentPorts,
): Promise<MessageContent[]> {
  return Promise.all(content.map((part) => toModelPart(part, ports)));
}

async function toModelPart(part: UserInput, ports: AgentPorts): Promise<MessageContent> {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', image_url: part.url };
    case 'localImage':
      return readImage(part.path, ports);
    case 'audio':
    case 'localAudio':
      return { type: 'input_text', text: '(audio input is not supported)' };
    case 'skill':
    case 'mention':
      return { type: 'input_text', text: `${part.name}: ${part.path}` };
  }
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

async function readImage(path: string, ports: AgentPorts): Promise<MessageContent> {
  const mediaType = IMAGE_TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (mediaType === undefined)
    return { type: 'input_text', text: `(the image ${path} is of a kind that cannot be shown)` };
  try {
    const bytes = await ports.files.readFile(path);
    return { type: 'input_image', image_url: `data:${mediaType};base64,${ports.host.base64(bytes)}` };
  } catch {
    return { type: 'input_text', text: `(the image ${path} could not be read)` };
  }
}
