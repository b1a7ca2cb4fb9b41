import type { ApprovalPolicy, SandboxPolicy } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { canAsk, judgeCommand } from './command-policy.js';
import type { SandboxStatus } from './ports.js';
import type { Settings } from './settings.js';

const AVAILABLE: SandboxStatus = { type: 'available', kind: 'bubblewrap' };
const UNAVAILABLE: SandboxStatus = { type: 'unavailable', reason: 'no bwrap', remedy: 'install it' };

const POLICIES = {
  'read-only': { type: 'readOnly', networkAccess: false },
  'workspace-write': {
    type: 'workspaceWrite',
    writableRoots: ['/more'],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  },
  'danger-full-access': { type: 'dangerFullAccess' },
} as const satisfies Record<string, SandboxPolicy>;

const RULES = {
  'read-only': { writableRoots: [], networkAccess: false },
  'workspace-write': { writableRoots: ['/project', '/more'], networkAccess: false },
  'danger-full-access': null,
} as const;

type Mode = keyof typeof POLICIES;

function settingsOf(mode: Mode, approvalPolicy: ApprovalPolicy): Settings {
  return {
    cwd: '/project',
    model: 'm',
    modelProvider: 'p',
    approvalPolicy,
    sandboxPolicy: POLICIES[mode],
    permissionProfile: null,
    effort: null,
    summary: null,
    baseInstructions: null,
    developerInstructions: null,
    mode: 'default',
    modeInstructions: null,
  };
}

interface Case {
  readonly policy: 'untrusted' | 'on-request' | 'never';
  readonly mode: Mode;
  readonly sandbox: 'works' | 'broken';
  readonly escalated: boolean;
  /** What happens, and whether in the sandbox. */
  readonly verdict: 'run inside' | 'run free' | 'ask inside' | 'ask free' | 'refuse';
}

const row = (line: string): Case => {
  const [policy, mode, sandbox, escalated, ...verdict] = line.trim().split(/\s+/);
  return { policy, mode, sandbox, escalated: escalated === 'escalated', verdict: verdict.join(' ') } as Case;
};

const MATRIX = `
  untrusted   read-only           works   plain      ask inside
  untrusted   read-only           works   escalated  ask free
  untrusted   read-only           broken  plain      ask free
  untrusted   read-only           broken  escalated  ask free
  untrusted   workspace-write     works   plain      ask inside
  untrusted   workspace-write     works   escalated  ask free
  untrusted   workspace-write     broken  plain      ask free
  untrusted   workspace-write     broken  escalated  ask free
  untrusted   danger-full-access  works   plain      ask free
  untrusted   danger-full-access  broken  plain      ask free
  untrusted   danger-full-access  broken  escalated  ask free
  on-request  read-only           works   plain      run inside
  on-request  read-only           works   escalated  ask free
  on-request  read-only           broken  plain      ask free
  on-request  read-only           broken  escalated  ask free
  on-request  workspace-write     works   plain      run inside
  on-request  workspace-write     works   escalated  ask free
  on-request  workspace-write     broken  plain      ask free
  on-request  workspace-write     broken  escalated  ask free
  on-request  danger-full-access  works   plain      run free
  on-request  danger-full-access  works   escalated  run free
  on-request  danger-full-access  broken  plain      run free
  never       read-only           works   plain      run inside
  never       read-only           works   escalated  refuse
  never       read-only           broken  plain      refuse
  never       read-only           broken  escalated  refuse
  never       workspace-write     works   plain      run inside
  never       workspace-write     works   escalated  refuse
  never       workspace-write     broken  plain      refuse
  never       workspace-write     broken  escalated  refuse
  never       danger-full-access  works   plain      run free
  never       danger-full-access  broken  plain      run free
  never       danger-full-access  works   escalated  refuse
`
  .trim()
  .split('\n')
  .map(row);

describe('judgeCommand', () => {
  it.each(
    MATRIX,
  )('under $policy, $mode, with a sandbox that is $sandbox, escalated $escalated: $verdict (AP-2)', ({
    policy,
    mode,
    sandbox,
    escalated,
    verdict,
  }) => {
    const judged = judgeCommand({
      settings: settingsOf(mode, policy),
      sandbox: sandbox === 'works' ? AVAILABLE : UNAVAILABLE,
      isEscalated: escalated,
      isGranted: false,
    });
    const [type, place] = verdict.split(' ');
    expect(judged.type).toBe(type);
    if (judged.type !== 'refuse') expect(judged.sandbox).toEqual(place === 'inside' ? RULES[mode] : null);
  });

  it('lets what was granted run without asking, inside the sandbox where one works', () => {
    const granted = { isEscalated: false, isGranted: true };
    const settings = settingsOf('read-only', 'untrusted');
    expect(judgeCommand({ settings, sandbox: AVAILABLE, ...granted })).toEqual({
      type: 'run',
      sandbox: RULES['read-only'],
    });
    expect(judgeCommand({ settings, sandbox: UNAVAILABLE, ...granted })).toEqual({
      type: 'run',
      sandbox: null,
    });
  });

  it('names the reason and the remedy where no sandbox works and nobody may be asked', () => {
    const settings = settingsOf('workspace-write', 'never');
    const judged = judgeCommand({ settings, sandbox: UNAVAILABLE, isEscalated: false, isGranted: false });
    expect(judged).toMatchObject({ type: 'refuse', text: expect.stringMatching(/no bwrap.*install it/) });
  });

  it('takes a granular policy at its word', () => {
    const granular = (sandbox_approval: boolean): ApprovalPolicy => ({
      granular: {
        sandbox_approval,
        rules: false,
        skill_approval: false,
        request_permissions: false,
        mcp_elicitations: false,
      },
    });
    expect([canAsk(granular(true)), canAsk(granular(false))]).toEqual([true, false]);
    expect([canAsk('untrusted'), canAsk('on-request'), canAsk('never')]).toEqual([true, true, false]);
  });
});
