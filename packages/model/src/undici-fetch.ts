import type { HttpFetch } from './http-connection.js';

/**
 * The `fetch` that is used when none is given: undici's own, loaded with the first request.
 *
 * Its time limits are switched off (they would end a body that is idle for 300 seconds); the connection keeps its own. Idle
 * sockets are kept for a few seconds for the next request and do not keep the process alive.
 */
export function undiciFetch(): HttpFetch {
  let loaded: Promise<HttpFetch> | undefined;
  return async (url, init) => {
    loaded ??= load();
    return (await loaded)(url, init);
  };
}

async function load(): Promise<HttpFetch> {
  const { Agent, fetch } = await import('undici');
  const dispatcher = new Agent({ bodyTimeout: 0, headersTimeout: 0 });
  return (url, init) => fetch(url, { ...init, dispatcher });
}
