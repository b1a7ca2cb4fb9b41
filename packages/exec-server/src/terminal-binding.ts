import { createRequire } from 'node:module';
import { SpawnError } from '@millrace/core/ports';

/** The part of the native terminal package that is used. Sizes are in characters. */
export interface TerminalBinding {
  /** Opens a pseudo terminal: `master` is ours, `slave` is for the process, `pty` the path of the latter. */
  open(
    columns: number,
    rows: number,
  ): { readonly master: number; readonly slave: number; readonly pty: string };
  resize(master: number, columns: number, rows: number): void;
}

let loaded: TerminalBinding | undefined;

/**
 * Loads the native binding of the optional package `@lydell/node-pty` (pinned, since this is below its public interface).
 *
 * Only its terminals are used, not its processes: those report an exit late, lose output that was not read 200 ms after
 * it, and inherit the terminals of others. Linux only: elsewhere a child cannot take a controlling terminal by opening it.
 *
 * @throws {SpawnError} `terminalUnsupported`.
 */
export function loadTerminalBinding(): TerminalBinding {
  if (process.platform !== 'linux') {
    throw new SpawnError('terminalUnsupported', `terminals are not supported on ${process.platform}`);
  }
  loaded ??= requireBinding();
  return loaded;
}

function requireBinding(): TerminalBinding {
  const require = createRequire(import.meta.url);
  try {
    const { requireBinary } = require('@lydell/node-pty/requireBinary.js');
    const binding: unknown = requireBinary('pty.node');
    if (isTerminalBinding(binding)) return binding;
  } catch (cause) {
    throw new SpawnError(
      'terminalUnsupported',
      'terminals need the optional package @lydell/node-pty, which is not installed for this platform',
      { cause },
    );
  }
  throw new SpawnError('terminalUnsupported', 'this version of @lydell/node-pty is not known');
}

function isTerminalBinding(value: unknown): value is TerminalBinding {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'open' in value &&
    typeof value.open === 'function' &&
    'resize' in value &&
    typeof value.resize === 'function'
  );
}
