import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Action, actionDigest, type CommandAction } from './action.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digest = (action: Action): string => actionDigest(action, { sha256 });

const COMMAND: CommandAction = {
  type: 'command',
  argv: ['/bin/sh', '-c', 'touch a'],
  cwd: '/project',
  env: { A: '1', B: '2' },
  sandbox: { writableRoots: ['/project', '/more'], networkAccess: false },
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const edit = { path: '/a', realPath: '/a', before: bytes('old'), after: bytes('new') };

describe('actionDigest', () => {
  it.each<[string, Partial<CommandAction>]>([
    ['an argument', { argv: ['/bin/sh', '-c', 'touch b'] }],
    ['where an argument ends', { argv: ['/bin/sh', '-c touch a'] }],
    ['the directory', { cwd: '/project/' }],
    ['a variable', { env: { A: '1', B: '3' } }],
    ['one variable less', { env: { A: '1' } }],
    ['no sandbox', { sandbox: null }],
    ['the network', { sandbox: { writableRoots: ['/project', '/more'], networkAccess: true } }],
    ['a root', { sandbox: { writableRoots: ['/project'], networkAccess: false } }],
  ])('is another one for a command with another part: %s (AP-3)', (_part, change) => {
    expect(digest({ ...COMMAND, ...change })).not.toBe(digest(COMMAND));
  });

  it('is the same for the same command, whatever the order of variables and roots', () => {
    const same: CommandAction = {
      ...COMMAND,
      env: { B: '2', A: '1' },
      sandbox: { writableRoots: ['/more', '/project', '/more'], networkAccess: false },
    };
    expect(digest(same)).toBe(digest(COMMAND));
    expect(digest(COMMAND)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { ...edit, realPath: '/b' },
    { ...edit, before: bytes('older') },
    { ...edit, after: bytes('newer') },
    { ...edit, after: undefined },
    { ...edit, before: undefined },
  ])('is another one for a patch that writes, replaces or finds something else (AP-3)', (other) => {
    const patch = (changed: typeof other): Action => ({ type: 'fileChange', edits: [changed] });
    expect(digest(patch(other))).not.toBe(digest(patch(edit)));
  });

  it('is another one for other rights (AP-3)', () => {
    const rights = { writableRoots: ['/a'], readableRoots: [], networkAccess: false };
    const asked = (permissions: typeof rights): string =>
      digest({ type: 'permissions', cwd: '/', permissions });
    expect(asked({ ...rights, networkAccess: true })).not.toBe(asked(rights));
    expect(asked({ ...rights, writableRoots: [], readableRoots: [] })).not.toBe(asked(rights));
  });
});
