import type { ApprovalPolicy, SandboxPolicy } from '@millrace/protocol';
import { describe, expect, it } from 'vitest';
import { canAsk, canAskPermissions, judgeCommand } from './command-policy.js';
import { NO_PERMISSIONS } from './permission-grants.js';
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

/** A command that nobody has said anything about. */
const UNKNOWN = { permissions: NO_PERMISSIONS, isGranted: () => false, ruleOn: () => undefined } as const;

const GRANULAR = {
  sandbox_approval: false,
  rules: false,
  skill_approval: false,
  request_permissions: false,
  mcp_elicitations: false,
};

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
      ...UNKNOWN,
    });
    const [type, place] = verdict.split(' ');
    expect(judged.type).toBe(type);
    if (judged.type !== 'refuse') expect(judged.sandbox).toEqual(place === 'inside' ? RULES[mode] : null);
  });

  it('lets what was granted run without asking, inside the sandbox where one works', () => {
    const granted = { ...UNKNOWN, isEscalated: false, isGranted: () => true };
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
    const judged = judgeCommand({
      settings,
      sandbox: UNAVAILABLE,
      isEscalated: false,
      ...UNKNOWN,
    });
    expect(judged).toMatchObject({ type: 'refuse', text: expect.stringMatching(/no bwrap.*install it/) });
  });

  it.each([
    { rule: 'forbidden', policy: 'on-request', granted: true, verdict: 'refuse' },
    { rule: 'prompt', policy: 'on-request', granted: false, verdict: 'ask' },
    { rule: 'prompt', policy: 'on-request', granted: true, verdict: 'run' },
    { rule: 'prompt', policy: 'never', granted: false, verdict: 'refuse' },
    { rule: 'prompt', policy: { granular: GRANULAR }, granted: false, verdict: 'refuse' },
    { rule: 'prompt', policy: { granular: { ...GRANULAR, rules: true } }, granted: false, verdict: 'ask' },
    { rule: 'allow', policy: 'untrusted', granted: false, verdict: 'run' },
  ] as const)('under a rule that says $rule, policy $policy, granted $granted: $verdict (AP-2)', ({
    rule,
    policy,
    granted,
    verdict,
  }) => {
    const judged = judgeCommand({
      settings: settingsOf('workspace-write', policy),
      sandbox: AVAILABLE,
      permissions: NO_PERMISSIONS,
      isEscalated: false,
      isGranted: () => granted,
      ruleOn: () => rule,
    });
    expect(judged.type).toBe(verdict);
  });

  it('asks rules and grants about the walls that the command would have', () => {
    const seen: unknown[] = [];
    const judge = (isEscalated: boolean) =>
      judgeCommand({
        ...UNKNOWN,
        settings: settingsOf('read-only', 'untrusted'),
        sandbox: AVAILABLE,
        isEscalated,
        isGranted: (sandbox) => seen.push(sandbox) === 0,
        ruleOn: (sandbox) => void seen.push(sandbox),
      });
    judge(false);
    judge(true);
    expect(seen).toEqual([RULES['read-only'], RULES['read-only'], null, null]);
  });

  it('moves the walls outwards by what was granted, and makes none where the policy wants none', () => {
    const permissions = { writableRoots: ['/granted'], readableRoots: [], networkAccess: true };
    const judge = (mode: Mode) =>
      judgeCommand({
        ...UNKNOWN,
        settings: settingsOf(mode, 'on-request'),
        sandbox: AVAILABLE,
        permissions,
        isEscalated: false,
      });
    expect(judge('workspace-write')).toEqual({
      type: 'run',
      sandbox: { writableRoots: ['/project', '/more', '/granted'], networkAccess: true },
    });
    expect(judge('danger-full-access')).toEqual({ type: 'run', sandbox: null });
  });

  it('takes a granular policy at its word', () => {
    const granular = (allowed: Partial<typeof GRANULAR>): ApprovalPolicy => ({
      granular: { ...GRANULAR, ...allowed },
    });
    expect([canAsk(granular({ sandbox_approval: true })), canAsk(granular({}))]).toEqual([true, false]);
    expect([canAsk('untrusted'), canAsk('on-request'), canAsk('never')]).toEqual([true, true, false]);
    expect(canAskPermissions(granular({ request_permissions: true }))).toBe(true);
    expect([granular({}), 'never' as const].map(canAskPermissions)).toEqual([false, false]);
  });
});
