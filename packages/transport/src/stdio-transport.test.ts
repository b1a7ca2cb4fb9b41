import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Incoming } from './message-transport.js';
import { stdioTransport } from './stdio-transport.js';

function open(highWaterMark?: number): {
  input: PassThrough;
  output: PassThrough;
  transport: ReturnType<typeof stdioTransport>;
} {
  const input = new PassThrough();
  const output = new PassThrough(highWaterMark === undefined ? {} : { highWaterMark });
  return { input, output, transport: stdioTransport({ input, output }) };
}

async function readAll(incoming: AsyncIterable<readonly Incoming[]>): Promise<Incoming[]> {
  const all: Incoming[] = [];
  for await (const batch of incoming) all.push(...batch);
  return all;
}

describe('stdioTransport', () => {
  it('reads one message a line until the input ends', async () => {
    const { input, transport } = open();
    input.end('{"a":1}\n{"b":2}\n');
    await expect(readAll(transport.incoming)).resolves.toEqual([
      { type: 'message', text: '{"a":1}' },
      { type: 'message', text: '{"b":2}' },
    ]);
  });

  it('ends the reading when the input breaks', async () => {
    const { input, transport } = open();
    const reading = readAll(transport.incoming);
    input.destroy(new Error('broken pipe'));
    await expect(reading).resolves.toEqual([]);
  });

  it('writes messages in order, one a line, and waits while the output is full', async () => {
    const { output, transport } = open(4);
    let isWritten = false;
    const written = transport.write(['first', 'second']).then(() => {
      isWritten = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isWritten).toBe(false);
    expect(String(output.read())).toBe('first\nsecond\n');
    await written;
  });

  it('rejects a write that waits when the output closes, and every later one', async () => {
    const { output, transport } = open(4);
    const waiting = transport.write(['a long message']);
    output.destroy();
    await expect(waiting).rejects.toThrow('the peer is gone');
    await expect(transport.write(['x'])).rejects.toThrow('the peer is gone');
  });

  it('takes an error of the output as the end of the peer, without ending the process', async () => {
    const { output, transport } = open();
    output.destroy(new Error('EPIPE'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(transport.write(['x'])).rejects.toThrow('the peer is gone');
  });

  it('closes twice as well as once', async () => {
    const { transport } = open();
    await transport.close();
    await transport.close();
    await expect(transport.write(['x'])).rejects.toThrow('the peer is gone');
  });
});
