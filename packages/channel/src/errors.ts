/** Codes of the errors that this package throws. They never cross a wire. */
export type ChannelErrorCode =
  | 'CONCURRENT_RECEIVE'
  | 'INVALID_LIMIT'
  | 'PERMIT_SPENT'
  | 'TOO_MANY_WAITING'
  | 'UNDEFINED_MESSAGE';

/**
 * A misuse of a queue by the code that holds it.
 *
 * Full and closed are not errors: they are ordinary results. What is thrown here is a bug in the caller, so callers do
 * not catch it. Functions that return a promise reject with it, all others throw it.
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;

  constructor(code: ChannelErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
