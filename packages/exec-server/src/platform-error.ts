/** An error in the form that Node gives its own. */
export function platformError(code: string, reason: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${reason}, '${path}'`), { code, path });
}
