import { LIMITS } from '@millrace/protocol';
import { VirtualClock } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { LiveOutput } from './live-output.js';

function live() {
  const clock = new VirtualClock();
  const shown: string[] = [];
  return { clock, shown, output: new LiveOutput({ clock, show: (delta) => shown.push(delta) }) };
}

describe('the output of a running command', () => {
  it('of a command that is over soon after it began to print is never shown', () => {
    const { clock, shown, output } = live();
    clock.advance(LIMITS.quickOutputMs - 1); // As long as a busy machine lets it wait.
    output.write('all of it');
    clock.advance(LIMITS.outputDeltaDelayMs - 1);
    output.end();
    clock.advance(LIMITS.outputDeltaDelayMs);
    expect(shown).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('of a command that goes on is shown from its first word', () => {
    const { clock, shown, output } = live();
    output.write('line 1\n');
    output.write('line 2\n');
    clock.advance(LIMITS.outputDeltaDelayMs);
    expect(shown).toEqual(['line 1\nline 2\n']);
    output.write('line 3\n');
    output.end();
    expect(shown).toEqual(['line 1\nline 2\n', 'line 3\n']);
  });

  it('of a command that took its time is shown at once, even when it ends with it', () => {
    const { clock, shown, output } = live();
    clock.advance(LIMITS.quickOutputMs);
    output.write('at last');
    output.end();
    expect(shown).toEqual(['at last']);
  });

  it('says how much it left out of a flood in the first moments', () => {
    const { clock, shown, output } = live();
    output.write('a'.repeat(LIMITS.heldOutputBytes));
    output.write('b'.repeat(LIMITS.heldOutputBytes));
    clock.advance(LIMITS.outputDeltaDelayMs);
    const half = LIMITS.heldOutputBytes / 2;
    expect(shown.join('')).toBe(
      `${'a'.repeat(half)}\n... ${LIMITS.heldOutputBytes} bytes omitted ...\n${'b'.repeat(half)}`,
    );
    expect(Math.max(...shown.map(({ length }) => length))).toBeLessThanOrEqual(LIMITS.outputDeltaBytes);
  });
});
