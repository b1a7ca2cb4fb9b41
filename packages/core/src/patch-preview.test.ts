import { describe, expect, it } from 'vitest';
import { PatchPreview } from './patch-preview.js';

const PATCH = [
  '*** Begin Patch',
  '*** Update File: b.txt',
  '*** Move to: c.txt',
  '@@ class A',
  ' kept',
  '-old',
  '+new',
  '*** Add File: a.txt',
  '+one',
  '+two',
  '*** Delete File: d.txt',
  '*** End Patch',
  '',
].join('\n');

describe('PatchPreview', () => {
  it('shows the files that it knows so far, ordered by path', () => {
    const preview = new PatchPreview();
    preview.append(PATCH);
    expect(preview.changes()).toEqual([
      { path: 'a.txt', kind: { type: 'add' }, diff: 'one\ntwo\n' },
      {
        path: 'b.txt',
        kind: { type: 'update', move_path: 'c.txt' },
        diff: '@@ class A\n-kept\n-old\n+kept\n+new\n',
      },
      { path: 'd.txt', kind: { type: 'delete' }, diff: '' },
    ]);
  });

  it('shows whole lines only, and each state once', () => {
    const preview = new PatchPreview();
    preview.append('*** Begin Patch\n*** Add File: a.txt\n+on');
    expect(preview.changes()).toEqual([{ path: 'a.txt', kind: { type: 'add' }, diff: '' }]);
    expect(preview.changes()).toBeUndefined();
    preview.append('e\n');
    expect(preview.changes()).toEqual([{ path: 'a.txt', kind: { type: 'add' }, diff: 'one\n' }]);
  });

  it('ends in the same state wherever the text is cut', () => {
    const whole = new PatchPreview();
    whole.append(PATCH);
    const expected = whole.changes();
    for (let cut = 1; cut < PATCH.length; cut += 1) {
      const preview = new PatchPreview();
      preview.append(PATCH.slice(0, cut));
      preview.changes();
      preview.append(PATCH.slice(cut));
      // The last line of the patch changes nothing any more.
      const last = preview.changes();
      if (last !== undefined) expect(last).toEqual(expected);
      else expect(cut).toBeGreaterThan(PATCH.indexOf('*** Delete File'));
    }
  });

  it('takes text that is no patch without a word', () => {
    const preview = new PatchPreview();
    preview.append('+lost\n@@\nnothing of the kind\n');
    expect(preview.changes()).toBeUndefined();
  });
});
