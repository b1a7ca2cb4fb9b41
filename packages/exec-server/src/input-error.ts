/** Why bytes for a process were not taken. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** `closed`: nobody reads this input any more; `full`: the process does not read, and enough is waiting for it. */
  readonly code: 'closed' | 'full';

  constructor(code: InputError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
