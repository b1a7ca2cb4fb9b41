import { jsonlStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

interface Changed {
  readonly thread: { readonly gitInfo: unknown; readonly path: string };
}

/** A server over files with one used thread. */
async function startWithThread(directory: string) {
  const { server } = await startTestRuntime({ store: jsonlStore({ directory }), cwd: directory });
  const peer = await TestPeer.connect(server);
  const threadId = await peer.startThread();
  await peer.startTurn(threadId, 'say hello');
  await peer.readTo('turn/completed');
  const update = (gitInfo: unknown) => peer.request<Changed>('thread/metadata/update', { threadId, gitInfo });
  return { server, peer, threadId, update };
}

describe('what a client says about the commit of a thread', () => {
  it('is kept field by field, loaded or not, and survives the server', async () => {
    const directory = await temporaryDirectory();
    const { server, peer, threadId, update } = await startWithThread(directory);
    const first = await update({ sha: 'abc', branch: ' main ' });
    expect(first.thread.gitInfo).toEqual({ sha: 'abc', branch: 'main', originUrl: null });
    await peer.request('thread/archive', { threadId });
    const second = await update({ branch: null, originUrl: 'git@example.com:a/b' });
    const gitInfo = { sha: 'abc', branch: null, originUrl: 'git@example.com:a/b' };
    expect(second.thread.gitInfo).toEqual(gitInfo);
    await server.finishShutdown();
    const next = await startTestRuntime({ store: jsonlStore({ directory }), cwd: directory });
    const reader = await TestPeer.connect(next.server);
    await expect(reader.request('thread/read', { threadId })).resolves.toMatchObject({ thread: { gitInfo } });
  });

  it('is refused where it says nothing', async () => {
    const { peer, update } = await startWithThread(await temporaryDirectory());
    await expect(update(undefined)).rejects.toThrow('thread metadata update must include at least one field');
    await expect(update({})).rejects.toThrow('gitInfo must include at least one field');
    await expect(update({ branch: ' ' })).rejects.toThrow('gitInfo.branch must not be empty');
    const unknown = { threadId: '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c', gitInfo: { sha: 'a' } };
    await expect(peer.request('thread/metadata/update', unknown)).rejects.toThrow(
      'no rollout found for thread',
    );
  });
});

describe('the summary of a conversation', () => {
  it('is the same by id and by file, and of a thread that is kept only', async () => {
    const { peer, threadId, update } = await startWithThread(await temporaryDirectory());
    const { path } = (await update({ sha: 'abc' })).thread;
    const summary = (params: unknown) => peer.request('getConversationSummary', params);
    const byId = await summary({ conversationId: threadId });
    expect(byId).toMatchObject({
      summary: { conversationId: threadId, path, preview: 'say hello', gitInfo: { sha: 'abc' } },
    });
    expect(await summary({ rolloutPath: path })).toEqual(byId);
    const unused = await peer.startThread();
    const missing = `no rollout found for conversation id ${unused}`;
    await expect(summary({ conversationId: unused })).rejects.toThrow(missing);
    await expect(summary({ rolloutPath: '/a.jsonl' })).rejects.toThrow('file does not exist');
    await expect(summary({})).rejects.toThrow('untagged enum GetConversationSummaryParams');
  });
});
