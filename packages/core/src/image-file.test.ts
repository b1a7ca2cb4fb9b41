import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import type { AgentPorts } from './agent-ports.js';
import { readImageFile } from './image-file.js';

/** Only what reading an image needs of the ports. */
function portsWith(files: Readonly<Record<string, Uint8Array>>): AgentPorts {
  return {
    files: {
      readFile: async (path: string) => {
        const bytes = files[path];
        if (bytes === undefined) throw new Error('ENOENT');
        return bytes;
      },
    },
    host: { base64: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64') },
  } as unknown as AgentPorts;
}

describe('readImageFile', () => {
  it('gives an image as a data URL of its kind', async () => {
    const ports = portsWith({ '/a.PNG': new Uint8Array([1, 2, 3]) });
    expect(await readImageFile('/a.PNG', ports)).toEqual({
      type: 'input_image',
      image_url: 'data:image/png;base64,AQID',
    });
  });

  it('says why an image cannot be shown: its kind, that it is not there, its size', async () => {
    const ports = portsWith({ '/big.gif': new Uint8Array(LIMITS.imageBytes + 1) });
    expect(await readImageFile('/a.txt', ports)).toBe('the image /a.txt is of a kind that cannot be shown');
    expect(await readImageFile('/none.png', ports)).toBe('the image /none.png could not be read');
    expect(await readImageFile('/big.gif', ports)).toBe(
      `the image /big.gif is larger than ${LIMITS.imageBytes} bytes`,
    );
  });
});
