import { CLIENT_REQUESTS, isClientRequestMethod } from './client-requests.js';
import { EXPERIMENTAL_METHODS } from './experimental-methods.js';
import { isObject } from './json-value.js';

/**
 * What in a request needs the capability `experimentalApi`, as the text of the refusal for connections without it; undefined
 * when nothing does.
 *
 * @param params As they came, because fields that this server does not know count too. Null fields do not.
 */
export function describeExperimentalUse(method: string, params: unknown): string | undefined {
  const use = experimentalUse(method, params);
  return use === undefined ? undefined : `${use} requires experimentalApi capability`;
}

function experimentalUse(method: string, params: unknown): string | undefined {
  if (EXPERIMENTAL_METHODS.has(method)) return method;
  if (!isClientRequestMethod(method) || !isObject(params)) return undefined;
  const field = CLIENT_REQUESTS[method].experimentalFields?.find((name) => (params[name] ?? null) !== null);
  if (field !== undefined) return `${method}.${field}`;
  return isObject(params.approvalPolicy) ? 'askForApproval.granular' : undefined;
}
