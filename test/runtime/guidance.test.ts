import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { TestPeer } from './test-peer.js';
import { startTestRuntime, temporaryDirectory } from './test-runtime.js';

const say = (text: string): ResponsesReply => wire.response(wire.message([text], `msg_${text}`));
const skill = (name: string, body = ''): string =>
  `---\nname: ${name}\ndescription: does ${name}\n---\n${body}`;

interface Message {
  readonly role: string;
  readonly content: readonly { readonly text: string }[];
}

/** What the model was given in a request: who said it, and the parts of the text. */
function inputOf({ model }: ResponsesThread, request: number): [string, ...string[]][] {
  const { input } = model.requests[request]?.body as { input: readonly Message[] };
  return input.map(({ role, content }) => [role, ...content.map(({ text }) => text)]);
}

/** A directory with these files, which a project's root holds. */
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [path, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

const replies = ['one', 'two', 'three', 'four'].map(say);

describe('what the model is told before the user says anything', () => {
  it('is who it is, what it may do with which skills, how people want it to work, and where it is', async () => {
    const cwd = await project({ 'AGENTS.md': 'Use tabs.', '.codex/skills/tidy/SKILL.md': skill('tidy') });
    const thread = await startResponsesThread(replies, {
      cwd,
      readsGuidance: true,
      thread: { baseInstructions: 'You are B.', developerInstructions: 'Do D.', sandbox: 'read-only' },
    });
    await thread.turn('hello');
    const [base, developer, user, said] = inputOf(thread, 0);
    expect(base).toEqual(['developer', 'You are B.']);
    expect(developer).toEqual([
      'developer',
      'Do D.',
      expect.stringContaining(`- tidy: does tidy (file: ${cwd}/.codex/skills/tidy/SKILL.md)`),
      '<permissions>\nThe approval policy is on-request. No file may be written.\n</permissions>',
    ]);
    expect(user).toEqual([
      'user',
      `# AGENTS.md instructions for ${cwd}\n\n<INSTRUCTIONS>\nUse tabs.\n</INSTRUCTIONS>`,
      expect.stringMatching(
        /^<environment_context>\n {2}<cwd>.*<\/cwd>\n {2}<shell>\w+<\/shell>\n {2}<current_date>\d{4}-\d\d-\d\d<\/current_date>\n {2}<timezone>.+<\/timezone>\n<\/environment_context>$/,
      ),
    ]);
    expect(said).toEqual(['user', 'hello']);
  });

  it('is told once, and again only as far as it has changed', async () => {
    const cwd = await project({ 'AGENTS.md': 'Use tabs.', 'sub/file': '' });
    const sandbox = 'workspace-write';
    const thread = await startResponsesThread(replies, { cwd, readsGuidance: true, thread: { sandbox } });
    await thread.turn('a');
    await thread.turn('b');
    await thread.turn('c', { cwd: `${cwd}/sub` });
    expect(inputOf(thread, 1).map(([role]) => role)).toEqual([
      ...['developer', 'developer', 'user', 'user'],
      ...['assistant', 'user'],
    ]);
    const changed = inputOf(thread, 2).slice(6);
    expect(changed.map(([role]) => role)).toEqual(['assistant', 'developer', 'user', 'user']);
    expect(changed[1]?.[1]).toContain(`Files may be written under: ${cwd}/sub`);
    expect(changed[2]?.[1]).toContain(`<cwd>${cwd}/sub</cwd>`);
  });

  it('stands once in a history that was compacted', async () => {
    const cwd = await project({ 'AGENTS.md': 'Use tabs.' });
    const thread = await startResponsesThread(replies, { cwd, readsGuidance: true });
    await thread.turn('a');
    await thread.peer.request('thread/compact/start', { threadId: thread.threadId });
    await thread.peer.readTo('turn/completed');
    await thread.turn('b');
    const texts = inputOf(thread, 2).flatMap(([, ...parts]) => parts);
    expect(texts.filter((text) => text.includes('Use tabs.'))).toHaveLength(1);
  });
});

describe('skills', () => {
  it('are given to the model where the user names them, each once', async () => {
    const path = '.codex/skills/tidy/SKILL.md';
    const cwd = await project({ [path]: skill('tidy', 'Sweep.') });
    const thread = await startResponsesThread(replies, { cwd, readsGuidance: true });
    await thread.turn('use $tidy and $tidy, not $other');
    const given = [
      'user',
      `<skill>\n<name>tidy</name>\n<path>${cwd}/${path}</path>\n${skill('tidy', 'Sweep.')}\n</skill>`,
    ];
    expect(inputOf(thread, 0).slice(3)).toEqual([['user', 'use $tidy and $tidy, not $other'], given]);
    const input = [{ type: 'skill', name: 'tidy', path: join(cwd, path) }];
    await thread.turn('', { input });
    expect(inputOf(thread, 1).slice(-2)).toEqual([['user', '$tidy'], given]);
  });

  it('that are switched off are listed as such, and the model is told nothing of them', async () => {
    const cwd = await project({ '.codex/skills/tidy/SKILL.md': skill('tidy', 'Sweep.') });
    const thread = await startResponsesThread(replies, { cwd, readsGuidance: true });
    const { peer } = thread;
    expect(await peer.request('skills/config/write', { name: 'tidy', enabled: false })).toEqual({
      effectiveEnabled: false,
    });
    expect((await peer.readTo('skills/changed')).at(-1)).toMatchObject({ params: {} });
    expect(await peer.request('skills/list', { cwds: [cwd] })).toMatchObject({
      data: [{ cwd, skills: [{ name: 'tidy', scope: 'repo', enabled: false }], errors: [] }],
    });
    await thread.turn('use $tidy');
    expect(JSON.stringify(inputOf(thread, 0))).not.toContain('Sweep.');
    expect(JSON.stringify(inputOf(thread, 0))).not.toContain('does tidy');
    await peer.request('skills/config/write', { name: 'tidy', enabled: true });
    await thread.turn('use $tidy');
    expect(JSON.stringify(inputOf(thread, 1))).toContain('Sweep.');
  });

  it('are looked for in as many directories as anybody has open, and no more', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    const many = Array.from({ length: LIMITS.directoriesPerRequest + 1 }, (_, index) => `/none/${index}`);
    const error = { code: -32_600, message: '65 directories are over the limit of 64' };
    expect(await peer.ask('skills/list', { cwds: many })).toMatchObject({ error });
    expect(await peer.ask('skills/extraRoots/set', { extraRoots: many })).toMatchObject({ error });
    expect(await peer.ask('skills/extraRoots/set', { extraRoots: many.slice(1) })).toMatchObject({
      result: {},
    });
  });

  it('cannot be switched by nothing, nor by two things at once', async () => {
    const { server } = await startTestRuntime();
    const peer = await TestPeer.connect(server);
    for (const params of [{ enabled: true }, { name: 'a', path: '/a', enabled: true }]) {
      expect(await peer.ask('skills/config/write', params)).toMatchObject({
        error: { code: -32_602, message: 'skills/config/write requires exactly one of path or name' },
      });
    }
  });
});

describe('the files that instructions come from', () => {
  it('are named in the answers that begin a thread, resume it and fork it', async () => {
    const cwd = await project({ 'AGENTS.md': 'Use tabs.', 'home/AGENTS.md': 'Be brief.' });
    const store = jsonlStore({ directory: await temporaryDirectory() });
    const thread = await startResponsesThread(replies, { cwd, store, readsGuidance: true });
    await thread.turn('a');
    const { peer, threadId } = thread;
    const instructionSources = [`${cwd}/home/AGENTS.md`, `${cwd}/AGENTS.md`];
    for (const method of ['thread/start', 'thread/resume', 'thread/fork']) {
      expect(await peer.request(method, { threadId })).toMatchObject({ instructionSources });
    }
  });
});
