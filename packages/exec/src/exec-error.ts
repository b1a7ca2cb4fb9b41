/** Why a run could not be begun, or its result not be written. */
export type ExecErrorCode = 'noPrompt' | 'promptTooLong' | 'promptUnreadable' | 'lastMessageNotWritten';

/** Something that the person at the command can put right. The message says how. */
export class ExecError extends Error {
  override readonly name = 'ExecError';
  readonly code: ExecErrorCode;

  constructor(code: ExecErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
