/** Listening is not possible as asked. The message says why, for the person who asked. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}
