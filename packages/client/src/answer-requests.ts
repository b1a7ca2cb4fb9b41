import {
  isServerRequestMethod,
  type ServerRequestMethod,
  type ServerRequestParams,
  type ServerRequestResponse,
} from '@millrace/protocol';
import type { RequestHandler } from './link.js';

/** Functions that answer server requests, by method. A rejection refuses the request. */
export type RequestAnswers = {
  readonly [M in ServerRequestMethod]?: (
    params: ServerRequestParams<M>,
  ) => ServerRequestResponse<M> | Promise<ServerRequestResponse<M>>;
};

/**
 * A handler for `client.setRequestHandler` that is made of functions. What has none is refused, so nothing is approved by leaving
 * it out.
 */
export function answerRequests(answers: RequestAnswers = {}): RequestHandler {
  return ({ method, params }) => {
    const answer = isServerRequestMethod(method) ? answers[method] : undefined;
    if (answer === undefined) throw new Error(`${method} is not answered by this client`);
    return (answer as (params: unknown) => unknown)(params);
  };
}
