import { describe, expect, it } from 'vitest';
import { heredocPatch } from './heredoc-patch.js';

const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+EOF\n*** End Patch\n';

describe('heredocPatch', () => {
  it.each([
    `apply_patch <<'EOF'\n${PATCH}EOF`,
    `apply_patch <<EOF\n${PATCH}EOF\n`,
    ` applypatch <<-"EOF"\n${PATCH}\tEOF\n\n`,
  ])('takes out the patch of %j', (script) => {
    expect(heredocPatch(script)).toEqual({ patch: PATCH });
  });

  it('follows one cd before it', () => {
    expect(heredocPatch(`cd sub/dir && apply_patch <<'EOF'\n${PATCH}EOF`)).toEqual({
      patch: PATCH,
      workdir: 'sub/dir',
    });
    expect(heredocPatch(`cd 'a b' && apply_patch <<'P'\n${PATCH}P`)).toEqual({
      patch: PATCH,
      workdir: 'a b',
    });
  });

  it.each([
    ['another command', `cat <<'EOF'\n${PATCH}EOF`],
    ['a command after it', `apply_patch <<'EOF'\n${PATCH}EOF\nrm a`],
    ['a second heredoc', `apply_patch <<'EOF'\n${PATCH}EOF\napply_patch <<'EOF'\n${PATCH}EOF`],
    ['a command before it', `ls && apply_patch <<'EOF'\n${PATCH}EOF`],
    ['two commands before it', `cd a && cd b && apply_patch <<'EOF'\n${PATCH}EOF`],
    ['an expansion in the directory', `cd $HOME && apply_patch <<'EOF'\n${PATCH}EOF`],
    ['a home directory', `cd ~ && apply_patch <<'EOF'\n${PATCH}EOF`],
    ['a pipe after it', `apply_patch <<'EOF' | cat\n${PATCH}EOF`],
    ['a missing end', `apply_patch <<'EOF'\n${PATCH}`],
    ['nothing to read', 'apply_patch'],
  ])('leaves %s to the shell', (_what, script) => {
    expect(heredocPatch(script)).toBeUndefined();
  });
});
