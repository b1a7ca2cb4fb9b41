import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@millrace/client';
import { type InProcessOptions, startInProcess } from '@millrace/client/in-process';
import { scriptedModel } from '@millrace/model';
import { memoryStore } from '@millrace/store';

export const CLIENT_INFO = { name: 'bench', title: null, version: '1' };

/** Runs `use` with a real runtime in this process that keeps nothing on disk. */
export async function withClient<T>(
  options: Partial<InProcessOptions>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  const client = await startInProcess({
    clientInfo: CLIENT_INFO,
    home,
    cwd: home,
    store: memoryStore(),
    model: scriptedModel(),
    ...options,
  });
  try {
    return await use(client);
  } finally {
    await client.shutdown();
    await rm(home, { recursive: true, force: true });
  }
}
