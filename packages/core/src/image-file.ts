import { LIMITS } from '@millrace/protocol';
import type { AgentPorts } from './agent-ports.js';
import type { MessageContent } from './response-item.js';

const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

/** An image file as a model is shown it, or the text that says why it cannot be shown. Never rejects. */
export async function readImageFile(path: string, ports: AgentPorts): Promise<MessageContent | string> {
  const mediaType = IMAGE_TYPES.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
  if (mediaType === undefined) return `the image ${path} is of a kind that cannot be shown`;
  try {
    const bytes = await ports.files.readFile(path);
    if (bytes.length > LIMITS.imageBytes)
      return `the image ${path} is larger than ${LIMITS.imageBytes} bytes`;
    return { type: 'input_image', image_url: `data:${mediaType};base64,${ports.host.base64(bytes)}` };
  } catch {
    return `the image ${path} could not be read`;
  }
}
