import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

const EXPERIMENTAL = { capabilities: { experimentalApi: true } };

async function start() {
  const { server, cwd } = await startTestRuntime();
  await mkdir(join(cwd, 'source'));
  for (const name of ['alpha.txt', 'source/alpha.ts', 'beta.txt']) await writeFile(join(cwd, name), '');
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  return { server, peer, cwd };
}

async function refusal(peer: TestPeer, method: string, params: unknown): Promise<readonly unknown[]> {
  const reply = await peer.ask(method, params);
  return 'error' in reply ? [reply.error.code, reply.error.message] : ['answered', reply.result];
}

describe('fuzzyFileSearch', () => {
  it('finds files below several roots, best first, and names each root as it was given', async () => {
    const { peer, cwd } = await start();
    const source = join(cwd, 'source');
    expect(await peer.request('fuzzyFileSearch', { query: 'alpha.ts', roots: [source, 'source'] })).toEqual({
      files: [source, 'source'].map((root) => ({
        root,
        path: 'alpha.ts',
        match_type: 'file',
        file_name: 'alpha.ts',
        score: expect.any(Number),
        indices: [0, 1, 2, 3, 4, 5, 6, 7],
      })),
    });
  });

  it('finds nothing without a query, without roots, and where nothing is', async () => {
    const { peer, cwd } = await start();
    const none = { files: [] };
    expect(await peer.request('fuzzyFileSearch', { query: '', roots: [cwd] })).toEqual(none);
    expect(await peer.request('fuzzyFileSearch', { query: 'alpha', roots: [] })).toEqual(none);
    expect(await peer.request('fuzzyFileSearch', { query: 'alpha', roots: [join(cwd, 'no')] })).toEqual(none);
  });

  it('ends a search whose token comes again, and answers both', async () => {
    const { peer, cwd } = await start();
    const params = { query: 'alpha', roots: [cwd], cancellationToken: 'token' };
    const [first, second] = await Promise.all([
      peer.request('fuzzyFileSearch', params),
      peer.request('fuzzyFileSearch', { ...params, query: 'beta' }),
    ]);
    expect(first).toEqual({ files: [] });
    expect(second).toMatchObject({ files: [{ path: 'beta.txt' }] });
  });

  it('refuses what is beyond its limits', async () => {
    const { peer, cwd } = await start();
    const query = 'x'.repeat(LIMITS.fileSearchQueryChars + 1);
    const roots = Array.from({ length: LIMITS.fileSearchRoots + 1 }, () => cwd);
    expect(await refusal(peer, 'fuzzyFileSearch', { query, roots: [cwd] })).toEqual([
      -32_600,
      `query must not be longer than ${LIMITS.fileSearchQueryChars} characters`,
    ]);
    expect(await refusal(peer, 'fuzzyFileSearch', { query: 'x', roots })).toEqual([
      -32_600,
      `roots hold more than ${LIMITS.fileSearchRoots} directories`,
    ]);
  });
});

describe('a session of file search', () => {
  it('answers, then tells what it found and that this is all', async () => {
    const { peer, cwd } = await start();
    await peer.request('fuzzyFileSearch/sessionStart', { sessionId: 's', roots: [cwd] });
    await peer.readTo('fuzzyFileSearch/sessionCompleted');
    await peer.request('fuzzyFileSearch/sessionUpdate', { sessionId: 's', query: 'beta' });
    expect(await peer.readTo('fuzzyFileSearch/sessionCompleted')).toMatchObject([
      {
        method: 'fuzzyFileSearch/sessionUpdated',
        params: { sessionId: 's', query: 'beta', files: [{ path: 'beta.txt', root: cwd }] },
      },
      { method: 'fuzzyFileSearch/sessionCompleted', params: { sessionId: 's' } },
    ]);
    await peer.request('fuzzyFileSearch/sessionStop', { sessionId: 's' });
    expect(await refusal(peer, 'fuzzyFileSearch/sessionUpdate', { sessionId: 's', query: 'beta' })).toEqual([
      -32_600,
      'fuzzy file search session not found: s',
    ]);
  });

  it('needs an id and a root, and stopping one that is not there is fine', async () => {
    const { peer, cwd } = await start();
    const method = 'fuzzyFileSearch/sessionStart';
    expect(await refusal(peer, method, { sessionId: '', roots: [cwd] })).toEqual([
      -32_600,
      'sessionId must not be empty',
    ]);
    expect(await refusal(peer, method, { sessionId: 's', roots: [] })).toEqual([
      -32_603,
      'failed to start fuzzy file search session: at least one search directory is required',
    ]);
    expect(await peer.request('fuzzyFileSearch/sessionStop', { sessionId: 's' })).toEqual({});
  });

  it('is refused where there are too many, and makes room when it is stopped or its connection closes', async () => {
    const { server, peer, cwd } = await start();
    const other = await TestPeer.connect(server, EXPERIMENTAL);
    const begin = (from: TestPeer, index: number) =>
      from.ask('fuzzyFileSearch/sessionStart', { sessionId: String(index), roots: [cwd] });
    for (let index = 0; index < LIMITS.fileSearches; index += 1)
      expect(await begin(other, index)).toMatchObject({ result: {} });
    expect(await begin(peer, 0)).toMatchObject({ error: { code: -32_001 } });
    await other.request('fuzzyFileSearch/sessionStop', { sessionId: '0' });
    expect(await begin(peer, 0)).toMatchObject({ result: {} });
    other.leave();
    expect(await begin(peer, 1)).toMatchObject({ result: {} });
  });
});
