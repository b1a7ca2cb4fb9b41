import { setTimeout as delay } from 'node:timers/promises';
import { yieldToMacrotask } from '@millrace/channel';
import type { ProcessRunner } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { BATCH } from './bench-model.js';

const CHUNK = new TextEncoder().encode('one line of the output of a command that prints without end\n');

/** Runs no process: every command prints `chunks` chunks, as fast as they are taken, and ends. */
export function floodRunner(chunks: number): ProcessRunner {
  return {
    sandbox: { type: 'unavailable', reason: 'nothing is run', remedy: '' },
    spawn: async () => {
      let exit: (code: { readonly exitCode: number }) => void = () => {};
      const exited = new Promise<{ readonly exitCode: number }>((resolve) => {
        exit = resolve;
      });
      return {
        pid: 1,
        output: flood(chunks, () => exit({ exitCode: 0 })),
        exited,
        write: async () => {},
        resize: () => {},
        kill: async () => exit({ exitCode: 137 }),
      };
    },
  };
}

async function* flood(chunks: number, onEnd: () => void): AsyncGenerator<Uint8Array, void, void> {
  yield CHUNK;
  await delay(LIMITS.outputDeltaDelayMs + 50); // Output of the first moments is held back.
  for (let sent = 1; sent < chunks; sent++) {
    yield CHUNK;
    if (sent % BATCH === BATCH - 1) await yieldToMacrotask(); // As if the pipe was read.
  }
  onEnd();
}
