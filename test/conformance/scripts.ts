import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wire } from '@millrace/testkit';
import { isRecord } from './json-schema.js';
import type { Script, Session } from './session.js';
import { shakeHands } from './session.js';

const NOBODY = '01900000-0000-7000-8000-000000000000';

const say = (...deltas: readonly string[]) => wire.response(wire.message(deltas));
const shell = (cmd: string) => wire.response(wire.functionCall('exec_command', { cmd, login: false }));

/** The conversations that are held with the reference server and with ours. */
export const SCRIPTS: readonly Script[] = [
  { name: 'handshake and refusals', replies: [], isRaw: true, run: refusals },
  { name: 'a turn and its history', replies: [say('Hello', ' world')], run: history },
  {
    name: 'reasoning and a message',
    replies: [wire.response(wire.reasoning('Thinking'), wire.message(['Done']))],
    run: async (session) => void (await session.runTurn(await session.startThread(), 'think')),
  },
  { name: 'a command', replies: [shell('printf out; exit 3'), say('It failed')], run: command },
  { name: 'approvals', replies: [shell('true'), say('ok'), shell('false'), say('declined')], run: approvals },
  {
    name: 'a failing model',
    replies: [{ status: 500, body: { error: { message: 'no' } } }],
    run: async (session) => void (await session.runTurn(await session.startThread(), 'hello')),
  },
  { name: 'an interrupted turn', replies: [{ events: [wire.created()], end: 'hang' }], run: interrupt },
  { name: 'the life of a thread', replies: [say('one')], run: threadLife },
  { name: 'files', replies: [], run: files },
  { name: 'commands of the client', replies: [], run: clientCommands },
  { name: 'catalogues', replies: [], run: catalogues },
  { name: 'file search', replies: [], run: fileSearch },
];

async function refusals(session: Session): Promise<void> {
  await session.request('thread/list', {});
  await shakeHands(session);
  await session.request('initialize', { clientInfo: { name: 'again', title: null, version: '1' } });
  await session.request('no/such/method', {});
  await session.request('thread/read', {});
  await session.request('thread/read', { threadId: 5 });
  await session.request('thread/read', { threadId: NOBODY });
  await session.request('thread/resume', { threadId: NOBODY });
  await session.request('turn/start', { threadId: NOBODY, input: [] });
  await session.request('turn/interrupt', { threadId: NOBODY, turnId: NOBODY });
  await session.request('fs/readFile', { path: 'relative' });
  await session.request('fs/readFile', { path: join(session.cwd, 'not-there') });
}

async function history(session: Session): Promise<void> {
  const threadId = await session.startThread();
  await session.runTurn(threadId, 'hello');
  await session.request('thread/read', { threadId });
  await session.request('thread/read', { threadId, includeTurns: true });
  await session.request('thread/turns/list', { threadId });
  await session.request('thread/items/list', { threadId });
  await session.request('thread/list', {});
  await session.request('thread/loaded/list', {});
}

async function command(session: Session): Promise<void> {
  const threadId = await session.startThread();
  await session.runTurn(threadId, 'run it');
  await session.request('thread/items/list', { threadId });
}

async function approvals(session: Session): Promise<void> {
  const threadId = await session.startThread({ sandbox: 'danger-full-access', approvalPolicy: 'untrusted' });
  session.server.answers.set('item/commandExecution/requestApproval', { decision: 'accept' });
  await session.runTurn(threadId, 'first');
  session.server.answers.set('item/commandExecution/requestApproval', { decision: 'decline' });
  await session.runTurn(threadId, 'second');
}

async function interrupt(session: Session): Promise<void> {
  const threadId = await session.startThread();
  const turnId = await session.startTurn(threadId, 'wait');
  await session.until('turn/started');
  await session.request('turn/interrupt', { threadId, turnId });
  await session.until('turn/completed');
}

async function threadLife(session: Session): Promise<void> {
  const threadId = await session.startThread();
  await session.runTurn(threadId, 'hello');
  await session.request('thread/name/set', { threadId, name: 'A name' });
  const forked = await session.request('thread/fork', { threadId });
  const fork = isRecord(forked.result) ? forked.result.thread : undefined;
  await session.request('thread/unsubscribe', { threadId });
  await session.request('thread/resume', { threadId });
  await session.request('thread/archive', { threadId });
  await session.request('thread/unarchive', { threadId });
  if (isRecord(fork)) await session.request('thread/delete', { threadId: fork.id });
}

async function files(session: Session): Promise<void> {
  const path = join(session.cwd, 'directory', 'file.txt');
  await session.request('fs/createDirectory', { path: join(session.cwd, 'directory') });
  await session.request('fs/writeFile', { path, dataBase64: 'aGVsbG8=' });
  await session.request('fs/readFile', { path });
  await session.request('fs/getMetadata', { path });
  await session.request('fs/readDirectory', { path: session.cwd });
  await session.request('fs/watch', { watchId: 'w', path });
  await session.request('fs/writeFile', { path, dataBase64: '' });
  await session.until('fs/changed');
  await session.request('fs/unwatch', { watchId: 'w' });
  await session.request('fs/copy', { sourcePath: path, destinationPath: `${path}.copy` });
  await session.request('fs/remove', { path });
}

async function clientCommands(session: Session): Promise<void> {
  const { cwd } = session;
  await session.request('command/exec', {
    command: ['/bin/sh', '-c', 'printf a; printf b >&2; exit 4'],
    cwd,
  });
  await session.request('command/exec', { command: [] });
  await session.request('process/spawn', { command: ['/bin/echo', 'hi'], cwd, processHandle: 'p' });
  await session.until('process/exited');
  await session.request('process/kill', { processHandle: 'p' });
}

/** What clients ask for at their start, in no special order. */
async function catalogues(session: Session): Promise<void> {
  const cwds = [session.cwd];
  await session.request('account/read', {});
  await session.request('model/list', { includeHidden: true });
  await session.request('hooks/list', { cwds });
  await session.request('config/read', { includeLayers: true, cwd: session.cwd });
  await session.request('configRequirements/read', null);
  await session.request('collaborationMode/list', {});
  await session.request('skills/list', { cwds, forceReload: true });
  await session.request('plugin/installed', { cwds });
  await session.request('mcpServerStatus/list', {});
  await session.request('permissionProfile/list', {});
  await session.request('experimentalFeature/list', {});
}

async function fileSearch(session: Session): Promise<void> {
  const { cwd } = session;
  mkdirSync(join(cwd, '.git'));
  mkdirSync(join(cwd, 'ignored'));
  mkdirSync(join(cwd, 'source', 'alphabet'), { recursive: true });
  for (const name of ['alpha.txt', 'beta.txt', 'ignored/alpha.txt', 'source/alphabet/one.txt', '.alpha'])
    writeFileSync(join(cwd, name), name);
  writeFileSync(join(cwd, '.gitignore'), 'ignored/\n');
  symlinkSync('alpha.txt', join(cwd, 'link-to-alpha'));
  for (const query of ['alpha', '', 'ALPHA', 'alp txt', 'nothing like it'])
    await session.request('fuzzyFileSearch', { query, roots: [cwd] });
  await session.request('fuzzyFileSearch', { query: 'alpha', roots: [] });
  await session.request('fuzzyFileSearch/sessionStart', { sessionId: '', roots: [cwd] });
  await session.request('fuzzyFileSearch/sessionStart', { sessionId: 's', roots: [] });
  await session.request('fuzzyFileSearch/sessionUpdate', { sessionId: 's', query: 'a' });
  await session.request('fuzzyFileSearch/sessionStart', { sessionId: 's', roots: [cwd] });
  await session.until('fuzzyFileSearch/sessionCompleted');
  for (const query of ['alp', 'zzzz']) {
    const since = session.server.exchanges.length;
    await session.request('fuzzyFileSearch/sessionUpdate', { sessionId: 's', query });
    await session.until('fuzzyFileSearch/sessionCompleted', since);
  }
  await session.request('fuzzyFileSearch/sessionStop', { sessionId: 's' });
}
