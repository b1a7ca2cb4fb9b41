import { describe, expect, it } from 'vitest';
import { DecodeError, ServerError, TransportError } from './errors.js';

describe('the errors of a client', () => {
  it('name the method, and say whether the same call may be made again', () => {
    const full = new TransportError('WouldBlock', 'turn/start');
    expect(full).toMatchObject({
      name: 'TransportError',
      kind: 'WouldBlock',
      method: 'turn/start',
      retryable: true,
    });
    expect(full.message).toBe('turn/start transport error: in-process app-server client queue is full');
    expect(new TransportError('BrokenPipe', 'x').retryable).toBe(false);
    expect(
      new TransportError('InvalidData', 'initialize', { detail: 'no handshake', cause: full }),
    ).toMatchObject({
      message: 'initialize transport error: no handshake',
      cause: full,
    });
  });

  it('carry what the server said, and when to come back', () => {
    const data = { retryable: true, queue: 'thread:t', retryAfterMs: 100 };
    const error = new ServerError('turn/start', {
      code: -32_001,
      message: 'Server overloaded; retry later.',
      data,
    });
    expect(error).toMatchObject({
      code: -32_001,
      data,
      retryable: true,
      retryAfterMs: 100,
      method: 'turn/start',
    });
    expect(error.message).toBe(
      'turn/start failed: Server overloaded; retry later. (code -32001, data: {"retryable":true,"queue":"thread:t","retryAfterMs":100})',
    );
    const refused = new ServerError('x', { code: -32_600, message: 'no' });
    expect(refused).toMatchObject({
      message: 'x failed: no (code -32600)',
      retryable: false,
      retryAfterMs: undefined,
    });
  });

  it('tell an answer that is not what was promised', () => {
    expect(new DecodeError('x', 'no thread')).toMatchObject({
      name: 'DecodeError',
      method: 'x',
      message: 'x response decode error: no thread',
    });
  });
});
