import { describe, expect, it } from 'vitest';
import { intersect, NO_PERMISSIONS, PermissionGrants, widen } from './permission-grants.js';

const write = (...writableRoots: string[]) => ({ ...NO_PERMISSIONS, writableRoots });

describe('PermissionGrants', () => {
  it('end with their turn, but for those of the session', () => {
    const grants = new PermissionGrants();
    grants.grant(write('/turn'), { turnId: '1' });
    grants.grant(write('/more'), { turnId: '1' });
    grants.grant(write('/session'), 'session');
    expect(grants.inTurn('1').writableRoots).toEqual(['/session', '/turn', '/more']);
    expect(grants.inTurn('2').writableRoots).toEqual(['/session']);
    grants.grant(write('/next'), { turnId: '2' });
    expect(grants.inTurn('2').writableRoots).toEqual(['/session', '/next']);
  });
});

describe('widen', () => {
  it('adds to the walls and takes nothing away', () => {
    const rules = { writableRoots: ['/a'], networkAccess: true };
    expect(widen(rules, write('/b', '/a'))).toEqual({ writableRoots: ['/a', '/b'], networkAccess: true });
  });
});

describe('intersect', () => {
  it('keeps the narrower of two directories, and nothing that only one side has', () => {
    const asked = write('/a/b', '/c', '/d');
    expect(intersect(asked, write('/a', '/c/inner', '/e')).writableRoots).toEqual(['/c/inner', '/a/b']);
    expect(intersect(asked, write('/cc', '/')).writableRoots).toEqual(['/a/b', '/c', '/d']);
    expect(intersect({ ...asked, networkAccess: true }, asked).networkAccess).toBe(false);
  });
});
