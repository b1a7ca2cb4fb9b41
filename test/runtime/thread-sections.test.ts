import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Thread, ThreadSection } from '@millrace/protocol';
import { jsonlStore } from '@millrace/store';
import { describe, expect, it } from 'vitest';
import { kindOf, paramsOf, TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const UNKNOWN = '01a1f8e3-7dfa-7403-aac4-ec7d2549df9c';

interface Started {
  readonly peer: TestPeer;
  readonly stop: () => Promise<void>;
}

async function start(cwd: string): Promise<Started> {
  const { server } = await startTestRuntime({ cwd, store: jsonlStore({ directory: join(cwd, 'home') }) });
  return { peer: await TestPeer.connect(server), stop: () => server.finishShutdown() };
}

/** A thread that lists show. */
async function spoken(peer: TestPeer, text: string): Promise<string> {
  const threadId = await peer.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'never' });
  await peer.startTurn(threadId, text);
  await peer.readTo('turn/completed');
  return threadId;
}

async function create(peer: TestPeer, name: string): Promise<ThreadSection> {
  return (await peer.request<{ section: ThreadSection }>('threadSection/create', { name })).section;
}

async function sections(peer: TestPeer): Promise<ThreadSection[]> {
  return (await peer.request<{ data: ThreadSection[] }>('threadSection/list', {})).data;
}

/** The previews of the threads that a list shows. */
async function listed(peer: TestPeer, params: object): Promise<string[]> {
  const { data } = await peer.request<{ data: Thread[] }>('thread/list', params);
  return data.map(({ preview }) => preview);
}

async function refused(peer: TestPeer, method: string, params: object): Promise<unknown> {
  return Object.values(await peer.ask(method, params)).at(-1);
}

describe('sections of threads', () => {
  it('begin with one for what is pinned, which keeps its id, and are made, changed and deleted', async () => {
    const { peer } = await start(await temporaryDirectory());
    const [pinned] = await sections(peer);
    expect(pinned).toMatchObject({ name: 'Pinned', appearance: null });
    expect(await create(peer, ' Work ')).toMatchObject({ name: 'Work', appearance: null });
    const params = { name: 'Home', appearance: { color: 'red' } };
    const { section } = await peer.request<{ section: ThreadSection }>('threadSection/create', params);
    expect(section).toMatchObject({ name: 'Home', appearance: { color: 'red', icon: null } });
    const sectionId = section.id;
    const renamed = await peer.request('threadSection/update', { sectionId, name: 'House' });
    expect(renamed).toEqual({ section: { ...section, name: 'House' } });
    const plain = await peer.request('threadSection/update', { sectionId, name: 'House', appearance: null });
    expect(plain).toEqual({ section: { id: sectionId, name: 'House', appearance: null } });
    expect(await peer.request('threadSection/delete', { sectionId })).toEqual({});
    expect((await sections(peer)).map(({ name }) => name)).toEqual(['Pinned', 'Work']);
    expect((await sections(peer))[0]?.id).toBe(pinned?.id);
  });

  it('are listed by page; a cursor that leads nowhere leads to nothing', async () => {
    const { peer } = await start(await temporaryDirectory());
    const [pinned] = await sections(peer);
    const work = await create(peer, 'Work');
    const page = (params: object): Promise<unknown> => peer.request('threadSection/list', params);
    expect(await page({ limit: 1 })).toEqual({ data: [pinned], nextCursor: pinned?.id });
    expect(await page({ limit: 1, cursor: pinned?.id })).toEqual({ data: [work], nextCursor: null });
    expect(await page({ cursor: 'bogus' })).toEqual({ data: [], nextCursor: null });
  });

  it('refuse what makes no sense, in the words of the reference server', async () => {
    const { peer } = await start(await temporaryDirectory());
    const threadId = await spoken(peer, 'a');
    const { id: sectionId } = await create(peer, 'Work');
    const invalid = (message: string): unknown => ({ code: -32602, message });
    const wrong = (message: string): unknown => ({ code: -32600, message });
    const empty = invalid('section name must not be empty');
    expect(await refused(peer, 'threadSection/create', { name: ' ' })).toEqual(empty);
    expect(await refused(peer, 'threadSection/update', { sectionId, name: '' })).toEqual(empty);
    const unknown = invalid('thread section not found: x');
    expect(await refused(peer, 'threadSection/update', { sectionId: 'x', name: 'x' })).toEqual(unknown);
    expect(await refused(peer, 'threadSection/delete', { sectionId: 'x' })).toEqual(unknown);
    const move = (params: object): Promise<unknown> =>
      refused(peer, 'thread/section/move', { threadId, sectionId, ...params });
    expect(await move({ threadId: UNKNOWN })).toEqual(wrong(`thread not found: ${UNKNOWN}`));
    expect(await move({ sectionId: 'x' })).toEqual(wrong('section x does not exist'));
    expect(await move({ beforeThreadId: threadId })).toEqual(
      wrong(`thread ${threadId} cannot be moved before itself`),
    );
    expect(await move({ beforeThreadId: UNKNOWN })).toEqual(
      wrong(`before thread ${UNKNOWN} is not in section ${sectionId}`),
    );
    expect(await move({ sectionId: null, beforeThreadId: UNKNOWN })).toEqual(
      wrong('beforeThreadId requires a non-null sectionId'),
    );
    expect(await refused(peer, 'thread/list', { sortKey: 'section_position' })).toEqual(
      wrong('section-position sorting requires a section filter'),
    );
  });
});

describe('a thread in a section', () => {
  it('is listed there in the order that the user gave, shows where it is, and everybody is told', async () => {
    const { peer } = await start(await temporaryDirectory());
    const [a, b, c] = [await spoken(peer, 'a'), await spoken(peer, 'b'), await spoken(peer, 'c')];
    const section = await create(peer, 'Work');
    const sectionId = section.id;
    peer.drain();
    await peer.request('thread/section/move', { threadId: a, sectionId });
    await peer.request('thread/section/move', { threadId: b, sectionId });
    await peer.request('thread/section/move', { threadId: c, sectionId, beforeThreadId: b });
    const told = peer.drain().filter((event) => kindOf(event) === 'thread/section/changed');
    expect(told.map(paramsOf)).toEqual([a, b, c].map((threadId) => ({ threadId, sectionId })));
    const inOrder = { sectionId, sortKey: 'section_position' };
    expect(await listed(peer, inOrder)).toEqual(['a', 'c', 'b']);
    expect(await listed(peer, { ...inOrder, sortDirection: 'desc' })).toEqual(['b', 'c', 'a']);
    const page = { ...inOrder, limit: 2 };
    const { nextCursor } = await peer.request<{ nextCursor: string }>('thread/list', page);
    expect(await listed(peer, { ...page, cursor: nextCursor })).toEqual(['b']);
    expect(await listed(peer, { sectionId })).toHaveLength(3);
    const { thread } = await peer.request<{ thread: Thread }>('thread/read', { threadId: c });
    expect(thread).toMatchObject({ section, sectionEnteredAt: 1_700_000_000 });
    await peer.request('thread/section/move', { threadId: c, sectionId: null });
    expect(await listed(peer, { sectionId: null })).toEqual(['c']);
    await peer.request('thread/delete', { threadId: a });
    expect(await listed(peer, inOrder)).toEqual(['b']);
  });

  it('is in it after a restart, loaded or not, and in none when the section is gone (TS-1)', async () => {
    const cwd = await temporaryDirectory();
    const first = await start(cwd);
    const threadId = await spoken(first.peer, 'kept');
    const section = await create(first.peer, 'Work');
    const sectionId = section.id;
    await first.peer.request('thread/section/move', { threadId, sectionId });
    await first.stop();

    const { peer } = await start(cwd);
    const read = async (): Promise<Thread> =>
      (await peer.request<{ thread: Thread }>('thread/read', { threadId })).thread;
    expect(await read()).toMatchObject({ section });
    await peer.request('thread/archive', { threadId });
    expect(await listed(peer, { sectionId, archived: true })).toEqual(['kept']);
    expect(await peer.request('thread/unarchive', { threadId })).toMatchObject({ thread: { section } });
    expect(await peer.request('thread/resume', { threadId })).toMatchObject({ thread: { section } });
    await peer.request('threadSection/delete', { sectionId });
    expect(await read()).toMatchObject({ section: null, sectionEnteredAt: null });
  });
});

it('a file of sections that cannot be understood is told at the start, and never written over', async () => {
  const cwd = await temporaryDirectory();
  const before = await start(cwd);
  await create(before.peer, 'Work');
  await before.stop();
  const path = join(cwd, 'home', 'sections.json');
  await writeFile(path, '{"sections": [{');
  const { peer } = await start(cwd);
  const told = peer
    .drain()
    .filter((event) => kindOf(event) === 'configWarning')
    .map(paramsOf);
  const message = `the sections cannot be understood; mend ${path} or move it away`;
  expect(JSON.stringify(told)).toContain(JSON.stringify(message).slice(1, -1));
  expect(await refused(peer, 'threadSection/create', { name: 'x' })).toEqual({
    code: -32603,
    message: 'the sections cannot be understood',
  });
  expect(await readFile(path, 'utf8')).toBe('{"sections": [{');
});
