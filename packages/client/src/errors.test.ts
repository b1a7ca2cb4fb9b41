import { describe, expect, it } from 'vitest';
import { DecodeError, ServerError, TransportError } from './errors.js';

describe('the errors of a client', () => {
  it('name the method that failed', () => {
    expect(new TransportError('WouldBlock', 'turn/start').message).toBe(
      'turn/start transport error: in-process app-server client queue is full',
    );
    expect(new ServerError('turn/start', { code: -32_600, message: 'no' }).message).toBe(
      'turn/start failed: no (code -32600)',
    );
    expect(new DecodeError('turn/start', 'turn is missing').message).toBe(
      'turn/start response decode error: turn is missing',
    );
  });

  it('say whether the same call may succeed later', () => {
    expect(new TransportError('WouldBlock', 'm').retryable).toBe(true);
    expect(new TransportError('BrokenPipe', 'm').retryable).toBe(false);
    const data = { retryable: true, queue: 'thread:1', retryAfterMs: 100 };
    const overloaded = new ServerError('m', {
      code: -32_001,
      data,
      message: 'Server overloaded; retry later.',
    });
    expect([overloaded.retryable, overloaded.retryAfterMs]).toEqual([true, 100]);
    expect(new ServerError('m', { code: -32_600, message: 'no' }).retryable).toBe(false);
  });
});
