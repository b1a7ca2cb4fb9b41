import { describe, expect, it } from 'vitest';
import { Clearance } from './clearance.js';

describe('Clearance', () => {
  it('counts once (AP-1)', () => {
    const clearance = new Clearance('a');
    clearance.spend('a');
    expect(() => clearance.spend('a')).toThrow('once');
  });

  it('counts for its own action alone, and another one does not use it up (AP-3)', () => {
    const clearance = new Clearance('a');
    expect(() => clearance.spend('b')).toThrow('the action that was asked for');
    expect(() => clearance.spend('a')).not.toThrow();
  });
});
