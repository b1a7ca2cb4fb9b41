import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@millrace/channel';
import { LIMITS } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

async function start() {
  const { server, cwd } = await startTestRuntime();
  const peer = await TestPeer.connect(server);
  return { server, peer, at: (name: string) => join(cwd, name) };
}

/** The code and the text of the refusal. */
async function refusal(peer: TestPeer, method: string, params: unknown): Promise<readonly unknown[]> {
  const reply = await peer.ask(method, params);
  return 'error' in reply ? [reply.error.code, reply.error.message] : ['answered', reply.result];
}

describe('fs/*', () => {
  it('what was written can be read, byte by byte', async () => {
    const { peer, at } = await start();
    await peer.request('fs/writeFile', { path: at('a'), dataBase64: '/wD+' });
    expect(await peer.request('fs/readFile', { path: at('a') })).toEqual({ dataBase64: '/wD+' });
  });

  it('says what is wrong in the words of the operating system, without a path', async () => {
    const { peer, at } = await start();
    await writeFile(at('file'), '');
    const missing = [-32_603, 'No such file or directory (os error 2)'];
    expect(await refusal(peer, 'fs/readFile', { path: at('no') })).toEqual(missing);
    expect(await refusal(peer, 'fs/writeFile', { path: at('no/x'), dataBase64: '' })).toEqual(missing);
    expect(await refusal(peer, 'fs/createDirectory', { path: at('no/d'), recursive: false })).toEqual(
      missing,
    );
    expect(await refusal(peer, 'fs/copy', { sourcePath: at('no'), destinationPath: at('x') })).toEqual(
      missing,
    );
    expect(await refusal(peer, 'fs/readDirectory', { path: at('file') })).toEqual([
      -32_603,
      'Not a directory (os error 20)',
    ]);
    expect(await refusal(peer, 'fs/readFile', { path: `${at('file')}\0` })).toEqual([
      -32_603,
      'Invalid argument (os error 22)',
    ]);
  });

  it('takes absolute paths only', async () => {
    const { peer } = await start();
    expect(await refusal(peer, 'fs/readFile', { path: 'relative' })).toEqual([
      -32_600,
      'Invalid request: AbsolutePathBuf deserialized without a base path',
    ]);
  });

  it('what is no file is not read as one', async () => {
    const { peer, at } = await start();
    const path = at('.');
    expect(await refusal(peer, 'fs/readFile', { path })).toEqual([-32_600, `path \`${path}\` is not a file`]);
  });

  it('a directory is made with its parents and removed with its children by default', async () => {
    const { peer, at } = await start();
    await peer.request('fs/createDirectory', { path: at('d/e') });
    await peer.request('fs/remove', { path: at('d') });
    await peer.request('fs/remove', { path: at('d') });
    expect(await refusal(peer, 'fs/getMetadata', { path: at('d') })).toEqual([
      -32_603,
      'No such file or directory (os error 2)',
    ]);
  });

  it('data that is no Base64 is refused before anything is written', async () => {
    const { peer, at } = await start();
    expect(await refusal(peer, 'fs/writeFile', { path: at('a'), dataBase64: '!!' })).toEqual([
      -32_600,
      'fs/writeFile requires valid base64 dataBase64: Invalid symbol 33, offset 0.',
    ]);
    expect(await peer.request('fs/readDirectory', { path: at('.') })).not.toMatchObject({
      entries: [{ fileName: 'a' }],
    });
  });
});

describe('fs/watch', () => {
  it('tells the connection that watches, and no other', async () => {
    const { server, cwd } = await startTestRuntime({ clock: systemClock });
    const [peer, other] = [await TestPeer.connect(server), await TestPeer.connect(server)];
    const path = join(cwd, 'a.txt');
    await writeFile(path, 'a');
    await symlink(path, join(cwd, 'link'));
    expect(await peer.request('fs/watch', { watchId: 'w', path: join(cwd, 'link') })).toEqual({ path });
    await writeFile(path, 'more');
    const changed = (await peer.readTo('fs/changed')).at(-1);
    expect(paramsOf(changed)).toEqual({ watchId: 'w', changedPaths: [path] });
    expect(other.drain()).toEqual([]);
  });

  it('an id is taken until it is given back', async () => {
    const { peer, at } = await start();
    const params = { watchId: 'w', path: at('.') };
    await peer.request('fs/watch', params);
    expect(await refusal(peer, 'fs/watch', params)).toEqual([-32_600, 'watchId already exists: w']);
    await peer.request('fs/unwatch', { watchId: 'w' });
    await peer.request('fs/unwatch', { watchId: 'w' });
    await peer.request('fs/watch', params);
  });

  it('a watch that could not begin leaves its id free', async () => {
    const { peer, at } = await start();
    expect(await refusal(peer, 'fs/watch', { watchId: 'w', path: at('no') })).toEqual([
      -32_603,
      'No such file or directory (os error 2)',
    ]);
    await peer.request('fs/watch', { watchId: 'w', path: at('.') });
  });

  it('a connection has a bounded number of watches', async () => {
    const { peer, at } = await start();
    for (let index = 0; index < LIMITS.fileWatches; index += 1)
      await peer.request('fs/watch', { watchId: `w${index}`, path: at('.') });
    expect(await refusal(peer, 'fs/watch', { watchId: 'more', path: at('.') })).toEqual([
      -32_001,
      'Server overloaded; retry later.',
    ]);
  });

  it('the ids of one connection are its own', async () => {
    const { server, peer, at } = await start();
    const other = await TestPeer.connect(server);
    await peer.request('fs/watch', { watchId: 'w', path: at('.') });
    expect(await other.ask('fs/watch', { watchId: 'w', path: at('.') })).toHaveProperty('result');
  });
});
