import { LIMITS } from '@millrace/protocol';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` whose answers cannot grow without end: a stream of events is bounded by its longest line, anything else as a whole.
 *
 * @param onTooLarge Called when an answer is larger; its body fails too, but who reads a stream may wait for another one.
 */
export function boundedFetch(onTooLarge: () => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const { status, statusText, headers } = response;
    const body = response.body.pipeThrough(limit(isStream, onTooLarge));
    return new Response(body, { status, statusText, headers });
  };
}

function limit(isStream: boolean, onTooLarge: () => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lastEnd = isStream ? chunk.lastIndexOf(10) : -1;
      bytes = lastEnd < 0 ? bytes + chunk.length : chunk.length - lastEnd - 1;
      if (bytes <= LIMITS.mcpMessageBytes) return controller.enqueue(chunk);
      controller.error(new Error(`a message is larger than ${LIMITS.mcpMessageBytes} bytes`));
      onTooLarge();
    },
  });
}
