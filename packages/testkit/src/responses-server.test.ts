import { afterEach, describe, expect, it } from 'vitest';
import { ResponsesServer, wire } from './responses-server.js';

let server: ResponsesServer | undefined;
afterEach(() => server?.close());

const post = (baseUrl: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${baseUrl}/responses?v=1`, { method: 'POST', body: '{"model":"m"}', ...init });

describe('ResponsesServer', () => {
  it('answers each request with the next reply and the last one again, and records what came', async () => {
    server = await ResponsesServer.start(
      { status: 503, body: 'no' },
      { events: [wire.created(), wire.completed('resp_1', null)] },
    );
    const first = await post(server.baseUrl);
    expect([first.status, await first.text()]).toEqual([503, 'no']);
    const stream =
      'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1"}}\n\n' +
      'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1"}}\n\n';
    expect(await (await post(server.baseUrl)).text()).toBe(stream);
    expect(await (await post(server.baseUrl)).text()).toBe(stream);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/responses?v=1',
      body: { model: 'm' },
    });
  });

  it('answers what is not the API with 404 and does not record it', async () => {
    server = await ResponsesServer.start();
    expect((await fetch(`${server.baseUrl}/models`)).status).toBe(404);
    expect(server.requests).toEqual([]);
  });

  it('holds a stream until the promise in it is settled', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    server = await ResponsesServer.start({ chunks: ['one', gate, 'two'] });
    const reader = (await post(server.baseUrl)).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('one');
    release();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('two');
  });

  it('cuts the socket in the middle of a stream, or before any answer', async () => {
    server = await ResponsesServer.start({ chunks: ['one'], end: 'cut' }, { refuse: 'cut' });
    const response = await post(server.baseUrl);
    await expect(response.text()).rejects.toThrow();
    await expect(post(server.baseUrl)).rejects.toThrow();
  });

  it('hangs until the client leaves, and knows when it did', async () => {
    server = await ResponsesServer.start({ events: [wire.created()], end: 'hang' });
    const controller = new AbortController();
    await post(server.baseUrl, { signal: controller.signal });
    expect(server.openResponses).toBe(1);
    controller.abort();
    await server.idle();
    expect(server.openResponses).toBe(0);
  });
});
