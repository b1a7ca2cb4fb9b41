import { LIMITS, type UserInput } from '@millrace/protocol';
import { invalidRequest, RpcError } from './rpc-error.js';

/**
 * Checks what a user sends before anything is done with it.
 *
 * @throws {RpcError} `invalidParams` for more text than a turn may hold, `invalidRequest` for too many parts or a remote image.
 */
export function checkTurnInput(input: readonly UserInput[]): void {
  if (input.length > LIMITS.inputParts)
    throw invalidRequest(`input has more than ${LIMITS.inputParts} parts`);
  let characters = 0;
  for (const part of input) {
    if (part.type === 'text') characters += countCharacters(part.text);
    if (part.type === 'image' && !part.url.startsWith('data:'))
      throw invalidRequest('remote image URLs are not supported; use a data URL');
  }
  if (characters <= LIMITS.inputChars) return;
  throw new RpcError(
    'invalidParams',
    `Input exceeds the maximum length of ${LIMITS.inputChars} characters.`,
    {
      data: { input_error_code: 'input_too_large', max_chars: LIMITS.inputChars, actual_chars: characters },
    },
  );
}

/** @throws {RpcError} like {@link checkTurnInput}, and `invalidRequest` for nothing: what waits has to say something. */
export function checkQueuedInput(input: readonly UserInput[]): void {
  if (input.length === 0) throw invalidRequest('only user input can be added to the user-message queue');
  checkTurnInput(input);
}

/** Unicode characters, not UTF-16 units. Counted one by one only where it can matter. */
function countCharacters(text: string): number {
  if (text.length <= LIMITS.inputChars) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
