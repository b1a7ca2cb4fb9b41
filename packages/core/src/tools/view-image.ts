import { newImageView } from '@millrace/protocol';
import { absolutePath } from '../absolute-path.js';
import { readImageFile } from '../image-file.js';
import { parseArguments } from './arguments.js';
import type { Tool } from './tool.js';

export const viewImage: Tool = {
  spec: {
    type: 'function',
    name: 'view_image',
    description: 'Shows you an image file of this machine.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string', description: 'Path of the image.' } },
      required: ['path'],
      additionalProperties: false,
    },
  },
  isEnabled: () => true,
  run: async (call, { output, ports, settings }) => {
    const parsed = parseArguments(call.input, { path: 'string' });
    if (parsed.type === 'invalid') return parsed.text;
    const path = absolutePath(settings.cwd, parsed.value.path);
    const image = await readImageFile(path, ports);
    if (typeof image === 'string') return `view_image failed: ${image}`;
    const item = newImageView({ id: call.callId, startedAtMs: output.now(), path });
    await output.started(item);
    await output.completed(item);
    return [image];
  },
};
