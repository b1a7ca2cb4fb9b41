import type { ServerRequest } from '@millrace/protocol';

/** A request of the server that this screen can put to a person. */
export type Question = Extract<ServerRequest, { readonly method: (typeof METHODS)[number] }>;

const METHODS = [
  'item/commandExecution/requestApproval',
  'item/fileChange/requestApproval',
  'item/permissions/requestApproval',
  'item/tool/requestUserInput',
] as const satisfies readonly ServerRequest['method'][];

export function isQuestion(request: ServerRequest): request is Question {
  return METHODS.some((method) => method === request.method);
}
