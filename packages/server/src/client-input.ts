import { decodeBase64 } from './base64.js';
import { checkedSize } from './client-launch.js';
import type { RunningClientProcess } from './client-process.js';
import { platformCode } from './file-error.js';
import { invalidRequest, overloaded, RpcError } from './rpc-error.js';

/** What a client wants typed into a process. */
export interface ClientInput {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** Reads the params of a write. @throws {RpcError} `invalidParams` for no bytes and no end, or for what is no Base64. */
export function readInput(
  method: string,
  {
    deltaBase64,
    closeStdin,
  }: { readonly deltaBase64?: string | null | undefined; readonly closeStdin: boolean },
): ClientInput {
  if (deltaBase64 == null && !closeStdin)
    throw new RpcError('invalidParams', `${method} requires deltaBase64 or closeStdin`);
  const decoded = decodeBase64(deltaBase64 ?? '');
  if (decoded.type === 'invalid')
    throw new RpcError('invalidParams', `invalid deltaBase64: ${decoded.reason}`);
  return { bytes: decoded.bytes, isLast: closeStdin };
}

/** Resolves when the process has taken the input. @throws {RpcError} where it takes none, none any more, or none now. */
export async function giveInput(
  running: RunningClientProcess,
  { bytes, isLast }: ClientInput,
  method: string,
): Promise<void> {
  if (!running.takesInput) throw invalidRequest(`stdin streaming is not enabled for this ${method}`);
  try {
    await running.write(bytes, isLast);
  } catch (error) {
    const code = platformCode(error);
    if (code === 'closed') throw invalidRequest('stdin is already closed');
    throw code === 'full' ? overloaded('the input of the process') : error;
  }
}

/** Changes the size of a terminal. @throws {RpcError} for a process without one, or a size that none has. */
export function resizeTerminal(
  running: RunningClientProcess,
  size: { readonly rows: number; readonly cols: number },
): void {
  const { rows, cols } = checkedSize(size);
  if (!running.isTerminal) throw invalidRequest('failed to resize PTY: process is not attached to a PTY');
  running.resize(rows, cols);
}
