import { LIMITS } from '@millrace/protocol';

/**
 * `fetch` whose answers cannot grow without end: a stream of events is bounded by its longest line, anything else as a whole. What
 * is larger fails while it is read.
 */
export async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(limit(isStream));
  return new Response(body, { status, statusText, headers });
}

function limit(isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lastEnd = isStream ? chunk.lastIndexOf(10) : -1;
      bytes = lastEnd < 0 ? bytes + chunk.length : chunk.length - lastEnd - 1;
      if (bytes > LIMITS.mcpMessageBytes) {
        controller.error(new Error(`a message is larger than ${LIMITS.mcpMessageBytes} bytes`));
        return;
      }
      controller.enqueue(chunk);
    },
  });
}
