import { describe, expect, it } from 'vitest';
import { commandEnvironment } from './command-environment.js';

describe('commandEnvironment', () => {
  it('removes what is named like a secret and addresses with a password in them', () => {
    const environment = commandEnvironment({
      PATH: '/usr/bin',
      OPENAI_API_KEY: 'a',
      aws_secret_access: 'b',
      GITHUB_TOKEN: 'c',
      PGPASSWORD: 'd',
      GPG_PASSPHRASE: 'e',
      GOOGLE_CREDENTIALS: 'f',
      DATABASE_URL: 'postgres://me:hunter2@db/app',
      HOMEPAGE: 'https://example.org/?a:b@c',
      MISSING: undefined,
    });
    expect(environment).toEqual({
      PATH: '/usr/bin',
      HOMEPAGE: 'https://example.org/?a:b@c',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TERM: 'dumb',
      NO_COLOR: '1',
      PAGER: 'cat',
      GIT_PAGER: 'cat',
    });
  });

  it('keeps a locale that is set and replaces terminal and pager', () => {
    const environment = commandEnvironment({
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C',
      TERM: 'xterm',
      PAGER: 'less',
    });
    expect(environment).toMatchObject({ LANG: 'de_DE.UTF-8', LC_ALL: 'C', TERM: 'dumb', PAGER: 'cat' });
  });
});
