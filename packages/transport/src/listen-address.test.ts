import { describe, expect, it } from 'vitest';
import { hostLiteral, isLoopback, parseListenAddress } from './listen-address.js';

describe('parseListenAddress', () => {
  it('reads every kind of address', () => {
    const websocket = (host: string, port: number) => ({ type: 'websocket', host, port });
    expect(parseListenAddress('stdio://')).toEqual({ type: 'stdio' });
    expect(parseListenAddress('off')).toEqual({ type: 'off' });
    expect(parseListenAddress('ws://127.0.0.1:0')).toEqual(websocket('127.0.0.1', 0));
    expect(parseListenAddress('ws://[::1]:65535/')).toEqual(websocket('::1', 65_535));
    expect(parseListenAddress('unix:///run/a b.sock')).toEqual({ type: 'unix', path: '/run/a b.sock' });
    expect(parseListenAddress('unix://near.sock')).toEqual({ type: 'unix', path: 'near.sock' });
  });

  it.each([
    '',
    'stdio',
    'stdio://x',
    'OFF',
    'unix://',
    'unix://a\0b',
    'tcp://127.0.0.1:1',
    'wss://127.0.0.1:1',
    'ws://127.0.0.1',
    'ws://127.0.0.1:65536',
    'ws://127.0.0.1:1/path',
    'ws://127.0.0.1:1?x',
    'ws://127.0.1:1',
    'ws://256.0.0.1:1',
    'ws://[127.0.0.1]:1',
    'ws://::1:1',
    'ws://localhost:1',
    'ws://user@127.0.0.1:1',
    'ws://127.0.0.1:-1',
    ' ws://127.0.0.1:1',
  ])('does not take %j', (text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });
});

it('only addresses that no other machine reaches are loopback', () => {
  expect(['127.0.0.1', '127.255.0.1', '::1'].map(isLoopback)).toEqual([true, true, true]);
  const others = [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '::ffff:127.0.0.1',
    'localhost',
    '127.evil.example',
  ];
  expect(others.filter(isLoopback)).toEqual([]);
});

it('an address with its port is written as in a URL', () => {
  expect([hostLiteral('127.0.0.1', 80), hostLiteral('::1', 80)]).toEqual(['127.0.0.1:80', '[::1]:80']);
});
